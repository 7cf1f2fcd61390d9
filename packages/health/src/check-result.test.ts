import { createRedactor } from "@tasker-observability/redact";
import { describe, expect, it } from "vitest";
import { readCheckResult } from "./check-result.js";
import type { CheckResult } from "./checks/check.js";

const redactor = createRedactor();
const read = (result: unknown) => readCheckResult(result as CheckResult, redactor);
const shown = (message: unknown) => read({ status: "healthy", message }).message;

describe("readCheckResult", () => {
  it.each(["healthy", "degraded", "unhealthy"] as const)(
    "takes %s, with or without a message",
    (status) => {
      expect(read({ status })).toEqual({ status, message: null });
      expect(read({ status, message: "2 GiB left", detail: 7 })).toEqual({
        status,
        message: "2 GiB left",
      });
    },
  );

  it("reads no result as healthy", () => {
    expect(read(undefined)).toEqual({ status: "healthy", message: null });
  });

  it.each([
    null,
    7,
    "healthy",
    {},
    { status: "fine" },
    { status: ["healthy"] },
    [],
    () => ({ status: "healthy" }),
  ])("reads the invalid result %j as unhealthy", (garbage) => {
    expect(read(garbage)).toEqual({
      status: "unhealthy",
      message: "the check returned no valid status",
    });
  });

  it.each(["status", "message"])(
    "leaves a %s that throws when it is read to the runner",
    (field) => {
      const hostile: unknown = Object.defineProperty({ status: "healthy" }, field, {
        get() {
          throw new Error("no");
        },
      });
      expect(() => read(hostile)).toThrow("no");
    },
  );

  it("keeps only messages that are strings, on one line and truncated", () => {
    for (const message of [7, undefined, null, { toString: () => "no" }])
      expect(shown(message)).toBeNull();
    expect(shown("line one\n\tline two\u0000\u2028end\ud800")).toBe("line one line two end");
    expect(shown("x".repeat(300))).toBe("x".repeat(300));
    expect(shown("x".repeat(301))).toBe(`${"x".repeat(300)}…`);
    expect(shown(`${"x".repeat(299)}😀 and more`)).toBe(`${"x".repeat(299)}…`);
    expect(shown("x ".repeat(5_000))).toBe("the check's message is too long to be shown");
  });

  it.each([
    "no answer from postgres://worker:hunter2hunter2@db/orders",
    "host=db user=worker password='hunter2hunter2'",
    "Authorization: Bearer hunter2hunter2hunter2hunter2",
  ])("removes the secret from %j", (message) => {
    expect(shown(message)).not.toContain("hunter2");
  });
});
