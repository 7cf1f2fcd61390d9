import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "../load-config.js";
import { configFolder, problemsOf } from "../testing/config-folder.js";
import { expandText } from "./expand.js";

describe("expandText", () => {
  it.each([
    ["plain", "plain"],
    ["${A}", "a"],
    ["x${A}y${B:-c}z", "xaycz"],
    ["${A:-b}", "a"],
    ["${EMPTY:-b}", "b"],
    ["${EMPTY}", ""],
    ["${NONE:-}", ""],
    ["${NONE:-a:b-c/d}", "a:b-c/d"],
    ["${REFERENCE}", "${A}"],
    ["$A {A} $", "$A {A} $"],
  ])("makes of %j %j", (text, expected) => {
    const expansion = expandText(text, { A: "a", EMPTY: "", REFERENCE: "${A}" });
    expect(expansion).toMatchObject({ text: expected, missing: [], malformed: false });
  });

  it("distinguishes the variables that it names from those whose value it took", () => {
    expect(expandText("${A}${B:-b}", { A: "a" })).toMatchObject({
      variables: ["A", "B"],
      used: ["A"],
    });
  });

  it.each(["constructor", "toString", "__proto__"])(
    "misses %s, which every object has, if no variable of the name is set",
    (name) => {
      expect(expandText(`\${${name}}\${${name}:-b}`, {})).toMatchObject({
        text: "b",
        used: [],
        missing: [name],
      });
      expect(
        expandText(`\${${name}}`, JSON.parse(`{"${name}":"a"}`) as Record<string, string>),
      ).toMatchObject({ text: "a", missing: [] });
    },
  );

  it.each(["${", "${}", "${1A}", "${A-b}", "${A:=b}", "${A:-${B}}", "${A"])(
    "finds fault with %j",
    (text) => {
      expect(expandText(text, { A: "a" }).malformed).toBe(true);
    },
  );
});

describe("variables in a configuration", () => {
  it("are expanded in every text, in lists and tables too, and in no key", () => {
    const worker = { list: ["${A}", ["${A}"], { x: "${A}" }], "${A}": 1 };
    expect(resolveConfig({ worker }, { env: { A: "a" } }).redacted().worker).toMatchObject({
      list: ["a", ["a"], { x: "a" }],
      "${A}": 1,
    });
  });

  it("are missing only if their text is still there after the overrides", () => {
    const root = configFolder({
      "base/worker.toml": "worker.worker_type = '${NONE}'",
      "environments/test/worker.toml": "worker.worker_type = 'set'",
    });
    expect(loadConfig({ env: { TASKER_ENV: "test" }, root }).redacted().worker.worker_type).toBe(
      "set",
    );
    expect(problemsOf(() => loadConfig({ env: {}, root }))).toEqual([
      {
        path: "worker.worker_type",
        variable: "NONE",
        file: "base/worker.toml",
        message:
          "the variable NONE is not set and has no default: set it, or write ${NONE:-default}",
      },
    ]);
  });

  it("are all missed at once, and a malformed one is explained", () => {
    const problems = problemsOf(() =>
      resolveConfig(
        { worker: { worker_type: "${X}${Y}${X}", namespaces: ["${Z:=1}"] } },
        { env: {} },
      ),
    );
    expect(problems.map(({ path, variable }) => [path, variable])).toEqual([
      ["worker.worker_type", "X"],
      ["worker.worker_type", "Y"],
      ["worker.namespaces[0]", null],
    ]);
    expect(problems[2]?.message).toContain("${NAME:-default}");
  });

  it("give numbers and booleans to the keys that want them, and to no others", () => {
    const given = {
      worker: {
        web: { enabled: "${WEB}" },
        health: { slow_ms: "${SLOW:-250}", error_rate: { degraded: "${RATE}" } },
        x: "${SLOW:-250}",
      },
    };
    const config = resolveConfig(given, { env: { WEB: "false", RATE: " 0.1 " } });
    expect(config.settings.worker).toMatchObject({
      web: { enabled: false },
      health: { slow_ms: 250, error_rate: { degraded: 0.1 } },
    });
    expect(config.redacted().worker.x).toBe("250");
  });

  it.each(["", "1e3", "0x10", "five", "1,5", "NaN", "Infinity", "-5", "1.5"])(
    "do not give a whole number as %j",
    (SLOW) => {
      expect(
        problemsOf(() =>
          resolveConfig({ worker: { health: { slow_ms: "${SLOW}" } } }, { env: { SLOW } }),
        ),
      ).toMatchObject([{ path: "worker.health.slow_ms", variable: "SLOW" }]);
    },
  );

  it("are the only way to write a number as text", () => {
    expect(
      problemsOf(() => resolveConfig({ worker: { health: { slow_ms: "250" } } }, { env: {} })),
    ).toMatchObject([{ path: "worker.health.slow_ms" }]);
  });
});
