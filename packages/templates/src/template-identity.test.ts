import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIdentity, templateIdentitySchema, toTemplateKey } from "./template-identity.js";

const identities = fc.record({ namespace: fc.string(), name: fc.string(), version: fc.string() });

describe("the key of an identity", () => {
  it("differs wherever the identity does", () => {
    const pieces = fc.constantFrom("", "a", "b", "ab", "1.", ".1", "1.1.", "\u0000", "/");
    const alike = fc.record({ namespace: pieces, name: pieces, version: pieces });
    fc.assert(
      fc.property(
        alike,
        alike,
        (a, b) =>
          (toTemplateKey(a) === toTemplateKey(b)) === (JSON.stringify(a) === JSON.stringify(b)),
      ),
    );
  });

  it("is the same for the same identity", () => {
    fc.assert(
      fc.property(
        identities,
        (identity) => toTemplateKey({ ...identity }) === toTemplateKey(identity),
      ),
    );
  });
});

describe("an identity", () => {
  it("is written as people read it", () => {
    expect(formatIdentity({ namespace: "payments", name: "refund", version: "1.0.0" })).toBe(
      "payments/refund 1.0.0",
    );
  });

  it.each([
    {},
    { namespace: "a", name: "b" },
    { namespace: "", name: "b", version: "1" },
    { namespace: "a".repeat(256), name: "b", version: "1" },
    { namespace: "a", name: "b", version: "1", extra: 1 },
  ])("is rejected as a parameter: %j", (params) => {
    expect(templateIdentitySchema.safeParse(params).success).toBe(false);
  });
});
