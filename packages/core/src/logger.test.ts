import { Writable } from "node:stream";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createWorkerContext } from "./context.js";
import { createSafeLogger } from "./safe-logger.js";

afterEach(() => vi.restoreAllMocks());

/** A pino, and the lines that it has written, parsed. */
function createPino() {
  const lines: unknown[] = [];
  const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
    lines.push(JSON.parse(chunk.toString()));
    done();
  };
  return { logger: pino({ base: null }, new Writable({ write })), lines };
}

describe("an option logger", () => {
  it("accepts an unmodified pino: fields in its line, secrets masked, below its own level", () => {
    const { logger, lines } = createPino();
    const { logger: log } = createWorkerContext({ logger });
    log("warn", "lost redis://:hunter2@cache", { attempt: 2, error: new TypeError("gone") });
    log("debug", "not at pino's level");
    log("info", "without fields");
    expect(lines).toEqual([
      {
        level: 40,
        time: expect.any(Number),
        attempt: 2,
        error: { name: "TypeError", message: "gone", stack: expect.any(String) },
        msg: "lost redis://***REDACTED***@cache",
      },
      { level: 30, time: expect.any(Number), msg: "without fields" },
    ]);
  });

  it("accepts the console unmodified: the message, then the fields", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const debug = vi.spyOn(console, "debug").mockReturnValue();
    const { logger } = createWorkerContext({ logger: console });
    logger("warn", "slow", { ms: 12 });
    logger("debug", "seen");
    expect(warn.mock.calls).toEqual([["slow", { ms: 12 }]]);
    expect(debug.mock.calls).toEqual([["seen"]]);
  });

  it("accepts a logger with `log` in place of `info`, and calls it as a method", () => {
    class NestLike {
      readonly lines: unknown[][] = [];
      log(...line: unknown[]): void {
        this.lines.push(["log", ...line]);
      }
      warn(...line: unknown[]): void {
        this.lines.push(["warn", ...line]);
      }
      error(...line: unknown[]): void {
        this.lines.push(["error", ...line]);
      }
    }
    const logger = new NestLike();
    const log = createSafeLogger(logger);
    log("info", "started", { port: 1 });
    log("error", "failed");
    expect(logger.lines).toEqual([
      ["log", "started", { port: 1 }],
      ["error", "failed"],
    ]);
  });

  it("refuses what has no methods for levels", () => {
    const wrong = { info: vi.fn() } as unknown as Console;
    expect(() => createWorkerContext({ logger: wrong })).toThrow(
      "logger must be a function (level, message, fields) => void, or a logger with the methods warn and error, such as pino() or console, not an object.",
    );
  });
});
