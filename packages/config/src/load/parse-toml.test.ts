import { describe, expect, it } from "vitest";
import { loadConfig } from "../load-config.js";
import { configErrorOf, configFolder, problemsOf } from "../testing/config-folder.js";

const env = {};

describe("parsing TOML", () => {
  it("reports syntax errors of all files by line and column, without a line of the files", () => {
    const root = configFolder({
      "base/common.toml": "[common]\npassword = hunter2\n",
      "base/worker.toml": 'worker.x = "hunter2\n',
    });
    const error = configErrorOf(() => loadConfig({ env, root }));
    expect(error.problems.map(({ file }) => file)).toEqual([
      "base/common.toml:2:12",
      expect.stringMatching(/^base\/worker\.toml:1:/),
    ]);
    expect(`${error.message}${error.stack}`).not.toContain("hunter2");
  });

  it("rejects own __proto__ keys, wherever they are, and leaves prototypes alone", () => {
    const root = configFolder({
      "base/worker.toml":
        "[worker.__proto__]\npolluted = 1\n[[worker.list]]\n__proto__.polluted = 1\n[worker.constructor]\nprototype = 1",
    });
    expect(
      problemsOf(() => loadConfig({ env, root }))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["worker.__proto__", "worker.list[0].__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("keeps an own key constructor as data", () => {
    const root = configFolder({ "base/worker.toml": "[worker.constructor]\nprototype = 1" });
    expect(JSON.stringify(loadConfig({ env, root }).redacted().worker.constructor)).toBe(
      '{"prototype":1}',
    );
  });

  it("rejects tables nested deeper than the limit", () => {
    const root = configFolder({ "base/worker.toml": `worker.${"a.".repeat(5_000)}b = 1` });
    expect(problemsOf(() => loadConfig({ env, root }))[0]?.message).toBe(
      "is nested deeper than 100 levels",
    );
  });

  it("keeps integers that no number represents, dates, and infinities in keys it does not use", () => {
    const root = configFolder({
      "base/worker.toml": "[worker.x]\nbig = 9223372036854775807\nday = 2024-02-29\ninf = inf",
    });
    expect(loadConfig({ env, root }).redacted().worker.x).toEqual({
      big: "9223372036854775807",
      day: "2024-02-29",
      inf: "Infinity",
    });
  });
});
