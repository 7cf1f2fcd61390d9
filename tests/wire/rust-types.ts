import * as z from "zod";

// The types of Rust's structs, as JSON for them must be.

export const text = z.string();
export const texts = z.array(text);
export const u64 = z.int().min(0);
export const u32 = z.int().min(0).max(4_294_967_295);
export const f64 = z.number();
export const option = <T extends z.ZodType>(type: T) => type.nullish();
/** RFC 3339: a `DateTime<Utc>`. */
export const dateTime = text.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
export const json = z.unknown().refine((value) => value !== undefined);
export const objectOfAny = z.record(text, z.unknown());
