import { describe, expect, it, vi } from "vitest";
import { type Logger, silentLogger } from "./logger.js";
import { createRedactor } from "@tasker-observability/redact";
import { createSafeLogger } from "./safe-logger.js";

describe("a safe logger", () => {
  it("removes secrets from messages, fields and errors, and logs errors as data", () => {
    const logger = vi.fn();
    const error = Object.assign(new Error("no way to postgres://app:hunter2@db.internal"), {
      code: "ECONNREFUSED",
      query: "select 1",
    });
    createSafeLogger(logger)("warn", "lost redis://:hunter2@cache", {
      attempt: 2,
      error,
      password: "hunter2",
    });
    expect(logger).toHaveBeenCalledExactlyOnceWith("warn", "lost redis://***REDACTED***@cache", {
      attempt: 2,
      error: {
        name: "Error",
        code: "ECONNREFUSED",
        message: "no way to postgres://***REDACTED***@db.internal",
        stack: expect.any(String),
      },
      password: "***REDACTED***",
    });
    expect(JSON.stringify(logger.mock.calls)).not.toContain("hunter2");
  });

  it("knows the secrets that its redactor knows", () => {
    const logger = vi.fn();
    createSafeLogger(logger, createRedactor({ secrets: ["hunter2hunter2"] }))(
      "info",
      "with hunter2hunter2",
      { note: "hunter2hunter2" },
    );
    expect(logger).toHaveBeenCalledExactlyOnceWith("info", "with ***REDACTED***", {
      note: "***REDACTED***",
    });
  });

  it("adds a redactor's secrets to a logger that is already safe", () => {
    const logger = vi.fn();
    createSafeLogger(createSafeLogger(logger), createRedactor({ secrets: ["hunter2hunter2"] }))(
      "info",
      "with hunter2hunter2",
    );
    expect(logger).toHaveBeenCalledExactlyOnceWith("info", "with ***REDACTED***", undefined);
  });

  it("truncates megabytes of text in messages, fields and errors", () => {
    const logger = vi.fn();
    const long = "x".repeat(1_000_000);
    createSafeLogger(logger)("warn", long, { thrown: long, error: new Error(long) });
    const cut = expect.stringMatching(/x… \[cut, \d+ characters in all\]$/);
    expect(logger).toHaveBeenCalledExactlyOnceWith("warn", cut, {
      thrown: cut,
      error: { name: "Error", message: cut, stack: cut },
    });
  });

  it("follows a limited number of causes", () => {
    const logger = vi.fn();
    let error = new Error("the first");
    for (let number = 0; number < 20_000; number += 1)
      error = new Error("in its turn", { cause: error });
    createSafeLogger(logger)("error", "failed", { error });
    const line = JSON.stringify(logger.mock.calls);
    expect(line.length).toBeLessThan(65_536);
    expect(line).toContain("[Nested too deeply]");
  });

  it("loses only its own line when the logger throws", () => {
    const throwing = vi.fn(() => {
      throw new Error("disk full");
    });
    expect(() => createSafeLogger(throwing)("warn", "message")).not.toThrow();
    expect(throwing).toHaveBeenCalledExactlyOnceWith("warn", "message", undefined);
  });

  it("is made once", () => {
    const safe = createSafeLogger(vi.fn<Logger>());
    expect(createSafeLogger(safe)).toBe(safe);
    expect(createSafeLogger(silentLogger)).toBe(silentLogger);
  });
});
