import { describe, expect, it } from "vitest";
import { createPayloadChecks } from "./payload-checks.js";

describe("payload checks", () => {
  const checks = createPayloadChecks();

  it("let every payload through if the schema is true, and none if it is false", () => {
    expect(checks.validate(true, { a: 1 })).toBeNull();
    expect(checks.validate(false, { a: 1 })).toContain("no payload is valid");
  });

  it("name what does not fit by its path", () => {
    expect(checks.validate({ properties: { a: { type: "string" } } }, { a: 1 })).toContain("/a ");
  });
});
