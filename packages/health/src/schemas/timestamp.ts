import * as z from "zod";

/** An instant: ISO 8601, UTC, with milliseconds. */
export const timestampSchema = z.iso.datetime({ precision: 3 });
