import * as z from "zod/mini";

/** An instant: ISO 8601, UTC, with milliseconds. */
export const timestampSchema = z.iso.datetime({ precision: 3 });
