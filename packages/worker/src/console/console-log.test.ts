import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createConsoleLog, type LogSettings } from "./console-log.js";

afterEach(() => vi.unstubAllEnvs());
beforeEach(() => {
  vi.stubEnv("TERM", "xterm-256color");
  // Of a CI that Node does not know, it expects no colors.
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS"])
    vi.stubEnv(name, undefined);
});

const [yellow, cyan, end] = ["\u001b[33m", "\u001b[36m", "\u001b[39m"];
const getColorDepth = (): number => WriteStream.prototype.getColorDepth();

/** A log, and the entries that it has written. */
function createLog(isTTY: boolean, settings: Partial<LogSettings> = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY, getColorDepth });
  const log = createConsoleLog(stream as unknown as NodeJS.WriteStream);
  log.configure({ level: "info", format: "auto", ...settings });
  const written: string[] = [];
  return { logger: log.to((text) => written.push(text)), written };
}

const error = Object.assign(new TypeError("no way to postgres://app:hunter2@db"), {
  code: "ECONNREFUSED",
});

describe("a log that no terminal shows", () => {
  it("is a JSON object a line, without control characters, whatever a name contains", () => {
    const { logger, written } = createLog(false);
    logger("warn", "worker.a\u001b[2J\nb has no effect", { namespace: "\u202ex", level: "mine" });
    expect(written).toEqual([
      expect.stringMatching(
        /^\{"time":"\d{4}-\S+Z","level":"warn","message":"worker\.a\\u001b\[2J\\nb has no effect","namespace":"\\u202ex"\}\n$/,
      ),
    ]);
  });

  it("has the stack of an error in its line, and no colors", () => {
    vi.stubEnv("FORCE_COLOR", "1");
    const { logger, written } = createLog(false);
    logger("error", "failed", { error });
    expect(JSON.parse(written.join(""))).toMatchObject({
      message: "failed",
      error: {
        name: "TypeError",
        code: "ECONNREFUSED",
        message: "no way to postgres://***REDACTED***@db",
        stack: expect.stringContaining("console-log.test.ts"),
      },
    });
  });
});

describe("a log on a terminal", () => {
  it("is a short line, with the stack and the causes of an error below", () => {
    vi.stubEnv("NO_COLOR", "1");
    const { logger, written } = createLog(true);
    logger("error", "step failed\u001b[2J", {
      step: "ship",
      attempt: 2,
      reason: "too late",
      error: new Error("outer", { cause: error }),
    });
    const [line, ...stack] = written.join("").split("\n");
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d error step failed\\u\{1b\}\[2J step=ship attempt=2 reason="too late"$/,
    );
    expect(stack[0]).toBe("  Error: outer");
    expect(stack[1]).toMatch(/^ {6}at .*console-log\.test\.ts/);
    expect(stack).toContain(
      "  caused by TypeError: no way to postgres://***REDACTED***@db (ECONNREFUSED)",
    );
  });

  it("has colors, unless NO_COLOR is set", () => {
    const { logger, written } = createLog(true);
    logger("warn", "careful");
    expect(written.join("")).toContain(`${yellow}warn ${end}`);
  });
});

describe("the settings of a log", () => {
  it.each([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ] as const)("level %s writes %j", (level, expected) => {
    const { logger, written } = createLog(false, { level });
    for (const each of ["debug", "info", "warn", "error"] as const) logger(each, each);
    expect(written.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  it("can ask for JSON on a terminal, and for text elsewhere, with colors only by FORCE_COLOR", () => {
    const json = createLog(true, { format: "json" });
    json.logger("info", "said");
    expect(json.written).toEqual([expect.stringMatching(/^\{/)]);
    const text = createLog(false, { format: "text" });
    text.logger("info", "said");
    vi.stubEnv("FORCE_COLOR", "1");
    text.logger("info", "said");
    expect(text.written).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d info {2}said\n$/),
      expect.stringContaining(`${cyan}info ${end}`),
    ]);
  });
});
