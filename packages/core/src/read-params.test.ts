import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { formatIssues } from "./read-params.js";

const schema = z.strictObject({
  namespace: z
    .string()
    .max(29)
    .regex(/^[a-z]+$/),
  limit: z.int().min(1).optional(),
  kind: z.enum(["standard", "batch"]).optional(),
  since: z.iso.datetime().optional(),
  labels: z.record(z.string(), z.int()).optional(),
  filters: z.array(z.strictObject({ field: z.string() })).optional(),
});

function problemsOf(params: unknown): string {
  const parsed = schema.safeParse(params);
  return parsed.success ? "" : formatIssues(schema, parsed.error.issues);
}

describe("formatIssues", () => {
  it("lists every problem, each with its place", () => {
    expect(
      problemsOf({ namespace: 5, limit: 0, kind: "odd", filters: [{ field: 1 }] }),
    ).toMatchInlineSnapshot(
      `"namespace: Invalid input: expected string, received number; limit: Too small: expected number to be >=1; kind: Invalid option: expected one of "standard"|"batch"; filters.0.*: Invalid input: expected string, received number"`,
    );
  });

  it("reports params that are not an object", () => {
    expect(problemsOf(["orders"])).toBe("params: Invalid input: expected object, received array");
    expect(problemsOf("orders")).toBe("params: Invalid input: expected object, received string");
  });

  it("counts unknown keys and names the known ones instead", () => {
    expect(problemsOf({ namespace: "orders", sk_live_51H: 1 })).toBe(
      "params: an unknown key (known: namespace, limit, kind, since, labels, filters)",
    );
    expect(problemsOf({ namespace: "orders", a: 1, b: 1 })).toMatch(
      /^params: 2 unknown keys \(known: namespace,/,
    );
    expect(problemsOf({ namespace: "orders", filters: [{ field: "a", b: 1 }] })).toBe(
      "filters.0: an unknown key",
    );
  });

  it("treats an own __proto__ key as unknown", () => {
    expect(problemsOf(JSON.parse('{"namespace":"orders","__proto__":{"limit":1}}'))).toMatch(
      /^params: an unknown key/,
    );
  });

  it("repeats neither a value nor a key that was sent", () => {
    const secret = fc.string({
      minLength: 12,
      maxLength: 12,
      unit: fc.constantFrom("X", "Y", "Z"),
    });
    const leaf = (text: string): fc.Arbitrary<unknown> =>
      fc.constantFrom<unknown>(text, [text], { [text]: text }, { [text]: { [text]: [text] } }, [
        { field: text, [text]: text },
      ]);
    const params = secret.chain((text) =>
      fc.record({
        secret: fc.constant(text),
        namespace: leaf(text),
        limit: leaf(text),
        kind: leaf(text),
        since: leaf(text),
        labels: leaf(text),
        filters: leaf(text),
        [text]: leaf(text),
      }),
    );
    fc.assert(
      fc.property(params, ({ secret: text, ...sent }) => {
        const problems = problemsOf(sent);
        expect(problems).not.toBe("");
        expect(problems).not.toContain(text);
      }),
    );
  });
});
