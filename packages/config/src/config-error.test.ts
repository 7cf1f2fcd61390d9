import { describe, expect, it } from "vitest";
import { ConfigError, formatProblem } from "./config-error.js";

const problem = { path: "worker.x", variable: "X", file: "base/worker.toml", message: "must be y" };

describe("ConfigError", () => {
  it("says all problems, one a line", () => {
    const error = new ConfigError([
      problem,
      { path: null, variable: null, file: "base/common.toml:1:2", message: "is not valid TOML" },
    ]);
    expect(error.message).toBe(
      "The configuration has 2 problems:\n  - worker.x (base/worker.toml, ${X}): must be y\n  - base/common.toml:1:2: is not valid TOML",
    );
    expect(new ConfigError([problem]).message).toMatch(/^The configuration has a problem:\n/);
  });

  it("is recognized across copies of the package, and nothing else is", () => {
    expect(ConfigError.isInstance(new ConfigError([problem]))).toBe(true);
    expect([new Error("x"), null, "x", {}].some((value) => ConfigError.isInstance(value))).toBe(
      false,
    );
  });

  it("is frozen as to its problems", () => {
    const { problems } = new ConfigError([problem]);
    expect(Object.isFrozen(problems) && problems.every(Object.isFrozen)).toBe(true);
  });

  it("masks a key that is itself a secret", () => {
    const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;
    expect(new ConfigError([{ ...problem, path: `worker.${token}` }]).message).not.toContain(token);
  });
});

describe("formatProblem", () => {
  it("lets no key and no file move the cursor or turn a line about", () => {
    const hostile = {
      ...problem,
      path: "worker.\u001b[2J\u009b1A",
      file: "base\n/\u202eworker.toml",
    };
    expect(formatProblem(hostile)).toBe(
      "worker.\\u{1b}[2J\\u{9b}1A (base\\u{a}/\\u{202e}worker.toml, ${X}): must be y",
    );
    expect(new ConfigError([hostile]).message.split("\n")).toHaveLength(2);
    expect(new ConfigError([hostile]).problems[0]?.path).toBe(hostile.path);
  });

  it.each([
    [problem, "worker.x (base/worker.toml, ${X}): must be y"],
    [{ ...problem, variable: null }, "worker.x (base/worker.toml): must be y"],
    [{ ...problem, file: null }, "worker.x (${X}): must be y"],
    [{ ...problem, path: null, file: null, variable: null }, "must be y"],
  ])("writes %j", (given, line) => {
    expect(formatProblem(given)).toBe(line);
  });
});
