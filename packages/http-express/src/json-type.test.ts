import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as mini from "zod/mini";
import { jsonTypeOf } from "./json-type.js";

describe("jsonTypeOf", () => {
  it.each([
    ["an integer", z.int(), "integer"],
    ["an optional integer", z.int().min(1).optional(), "integer"],
    ["a number with a default", z.number().int().default(0), "integer"],
    ["a nullable, read-only integer", z.int().nullable().readonly(), "integer"],
    ["an integer that goes through a pipe", z.int().transform((value) => value + 1), "integer"],
    ["an integer of the small zod", mini.int(), "integer"],
    ["a fraction", z.number().min(0.5).optional(), "number"],
    ["a boolean with a default", z.boolean().default(false), "boolean"],
    ["a boolean of the small zod", mini._default(mini.boolean(), false), "boolean"],
    ["a string", z.string().regex(/^a/).optional(), "string"],
    ["a choice", z.enum(["a", "b"]), "string"],
    ["what is no schema", null, "string"],
  ])("sees %s", (_what, schema, expected) => {
    expect(jsonTypeOf(schema)).toBe(expected);
  });
});
