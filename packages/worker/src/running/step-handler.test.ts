import { describe, expect, it } from "vitest";
import { isPermanent, PermanentStepError } from "./step-handler.js";

describe("isPermanent", () => {
  it("is true for a PermanentStepError, and for any error that says so", () => {
    expect(isPermanent(new PermanentStepError("The order is cancelled."))).toBe(true);
    expect(isPermanent(Object.assign(new Error("no"), { retryable: false }))).toBe(true);
  });

  it.each([
    [new Error("no")],
    [Object.assign(new Error("no"), { retryable: true })],
    [Object.assign(new Error("no"), { retryable: 0 })],
    [null],
    [undefined],
    ["no"],
  ])("is false for %s", (error) => {
    expect(isPermanent(error)).toBe(false);
  });

  it("is false for an error whose field cannot be read, and does not throw", () => {
    const hostile = Object.defineProperty(new Error("no"), "retryable", {
      get() {
        throw new Error("hostile");
      },
    });
    expect(isPermanent(hostile)).toBe(false);
  });
});
