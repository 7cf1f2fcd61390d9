import { inspect } from "node:util";
import type { RunState } from "@tasker-observability/core";
import { createRedactor } from "@tasker-observability/redact";
import { describe, expect, it } from "vitest";
import { createCheckLog } from "./check-log.js";

const done: RunState<null> = { state: "done", value: null };

function setUp() {
  const lines: unknown[][] = [];
  return {
    lines,
    log: createCheckLog("disk", (...line) => void lines.push(line), createRedactor()),
  };
}

describe("a check's log", () => {
  it("has a line for each change of status, and none in between", () => {
    const { lines, log } = setUp();
    for (const status of [
      "healthy",
      "degraded",
      "degraded",
      "unhealthy",
      "healthy",
      "healthy",
    ] as const)
      log.record({ status, message: status }, done);
    expect(lines).toEqual([
      [
        "warn",
        "health check status changed",
        { check: "disk", status: "degraded", message: "degraded", error: null },
      ],
      [
        "warn",
        "health check status changed",
        { check: "disk", status: "unhealthy", message: "unhealthy", error: null },
      ],
      [
        "info",
        "health check status changed",
        { check: "disk", status: "healthy", message: "healthy", error: null },
      ],
    ]);
  });

  it("has the error's message, without its secrets", () => {
    const { lines, log } = setUp();
    const error = Object.assign(
      new Error("refused: postgres://worker:hunter2hunter2@db.internal/orders"),
      { code: "28P01" },
    );
    log.record(
      { status: "unhealthy", message: "authentication_failed" },
      { state: "failed", error },
    );
    expect(lines).toMatchObject([
      [
        "warn",
        "health check status changed",
        {
          message: "authentication_failed",
          error: { code: "28P01", message: expect.stringContaining("db.internal") },
        },
      ],
    ]);
    expect(inspect(lines, { depth: null })).not.toContain("hunter2hunter2");
  });

  it("does not affect the answer when the logger throws", () => {
    const log = createCheckLog(
      "disk",
      () => {
        throw new Error("disk full");
      },
      createRedactor(),
    );
    expect(() => log.record({ status: "degraded", message: null }, done)).not.toThrow();
  });
});
