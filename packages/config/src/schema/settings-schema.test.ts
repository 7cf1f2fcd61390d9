import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { problemsOf } from "../testing/config-folder.js";
import { otherValue } from "../testing/other-value.js";
import { emptyTree, setAt, type Tree, valueAt } from "../tree.js";
import { fieldTable } from "./field-table.js";

const plain = fieldTable.filter(({ path }) => !path.includes("[]"));
const given = (path: string, value: unknown): Tree => {
  const tree = emptyTree();
  setAt(tree, path.split("."), value);
  return tree;
};
const load = (path: string, value: unknown) =>
  resolveConfig(given(path, value), { env: {}, createWorkerId: () => "w" });
const settingOf = (path: string, config: ReturnType<typeof load>): unknown =>
  JSON.parse(JSON.stringify(valueAt(config.settings, path.split(".")) ?? null));

it.each(["worker.worker_id", "worker.worker_type"])(
  "%s must not be only spaces, which no reader of a log or metric would see",
  (path) => {
    for (const blanks of [" ", "\u00a0\u3000"])
      expect(problemsOf(() => load(path, blanks))).toMatchObject([
        { path, message: expect.stringContaining("not only spaces") },
      ]);
    expect(() => load(path, "a b")).not.toThrow();
  },
);

describe("each key", () => {
  const needsAuth = (path: string): boolean =>
    path.startsWith("worker.web.auth.api_key") || path === "worker.web.auth.enabled";

  it.each(
    plain.filter(({ path }) => !needsAuth(path)).map((field) => [field.path, field] as const),
  )("%s changes its setting", (path, field) => {
    const [before, after] = [
      settingOf(path, load("worker.x", 1)),
      settingOf(path, load(path, otherValue(field))),
    ];
    expect(after).not.toEqual(before);
  });

  it.each(fieldTable.map((field) => [field.path, field] as const))(
    "%s says what it means, and in what unit",
    (path, field) => {
      expect(field.description).toMatch(/^[A-Z].*[.]$/s);
      if (path.endsWith("_ms")) expect(field.unit).toBe("ms");
      if (path.endsWith("_seconds")) expect(field.unit).toBe("s");
      if (field.type === "integer" || field.type === "number") expect(field.unit).not.toBeNull();
    },
  );

  it.each(plain.filter(({ type }) => type === "integer").map(({ path }) => [path]))(
    "%s rejects all but positive whole numbers",
    (path) => {
      for (const wrong of [-1, 1.5, Number.NaN, Infinity, 2 ** 53, "5", true, []]) {
        expect(problemsOf(() => load(path, wrong)).map((problem) => problem.path)).toEqual([path]);
      }
    },
  );

  it.each(plain.filter(({ type }) => type === "number").map(({ path }) => [path]))(
    "%s rejects what is not a share",
    (path) => {
      for (const wrong of [0, -0.1, 1.1, Number.NaN, "0.1"])
        expect(problemsOf(() => load(path, wrong)).map((problem) => problem.path)).toContain(path);
    },
  );

  it.each(plain.filter(({ type }) => type === "boolean").map(({ path }) => [path]))(
    "%s rejects what is neither true nor false",
    (path) => {
      for (const wrong of ["true", 1, "yes"])
        expect(problemsOf(() => load(path, wrong)).map((problem) => problem.path)).toEqual([path]);
    },
  );

  it.each(plain.filter(({ type }) => type === "string").map(({ path }) => [path]))(
    "%s rejects what is not a string",
    (path) => {
      expect(problemsOf(() => load(path, 5)).map((problem) => problem.path)).toContain(path);
    },
  );
});

describe("zero", () => {
  const allowed = [
    "worker.health.cache_ttl_ms",
    "worker.shutdown.drain_timeout_ms",
    "worker.metrics.cache_ttl_ms",
    "worker.templates.watch_interval_seconds",
    "worker.unknown_step_give_back_seconds",
  ];

  it.each(allowed)("means something for %s", (path) => {
    expect(settingOf(path, load(path, 0))).toBe(0);
  });

  it.each(
    plain
      .filter(({ type, path }) => type === "integer" && !allowed.includes(path))
      .map(({ path }) => [path]),
  )("is rejected for %s", (path) => {
    expect(problemsOf(() => load(path, 0))[0]?.message).toMatch(
      /^must be a whole number (from 1 to \d+|of at least 1) \(/,
    );
  });
});

describe("namespaces", () => {
  it.each([["Payments"], ["1a"], ["a-b"], [`a${"b".repeat(29)}`], [""]])(
    "reject %j",
    (namespace) => {
      expect(problemsOf(() => load("worker.namespaces", ["ok", namespace]))).toMatchObject([
        { path: "worker.namespaces[1]" },
      ]);
    },
  );

  it("reject one that is named twice", () => {
    expect(problemsOf(() => load("worker.namespaces", ["a", "b", "a"]))).toMatchObject([
      { path: "worker.namespaces[2]", message: "is the same as item 0: list each once" },
    ]);
  });

  it("reject cache: its templates would share the path of the cache", () => {
    expect(problemsOf(() => load("worker.namespaces", ["cache"]))).toMatchObject([
      { path: "worker.namespaces[0]", message: expect.stringContaining("reserved") },
    ]);
    expect(settingOf("worker.namespaces", load("worker.namespaces", ["cached"]))).toEqual([
      "cached",
    ]);
  });

  it("are those of the poller if the worker names none", () => {
    const older = "worker.event_systems.worker.metadata.fallback_poller.supported_namespaces";
    expect(settingOf("worker.namespaces", load(older, ["a"]))).toEqual(["a"]);
    const both = given(older, ["a"]);
    setAt(both, ["worker", "namespaces"], ["b"]);
    expect(resolveConfig(both, { env: {} }).settings.worker.namespaces).toEqual(["b"]);
    setAt(both, ["worker", "namespaces"], []);
    expect(resolveConfig(both, { env: {} }).settings.worker.namespaces).toEqual(["a"]);
  });
});

describe("the globs of template files", () => {
  const path = "common.task_templates.search_paths";

  it.each([
    [[], path, "must name at least one glob"],
    [["!drafts/*.yaml"], path, "must name at least one glob"],
    [["a/*.yaml", " "], `${path}[1]`, "must not be blank"],
    [["a\0b"], `${path}[0]`, "NUL character: remove it"],
  ])("are rejected if they are %j", (globs, at, message) => {
    expect(problemsOf(() => load(path, globs))).toMatchObject([
      { path: at, message: expect.stringContaining(message) },
    ]);
  });
});

describe("paths", () => {
  it.each(["socket_path", "heartbeat_file"])("of %s contain no NUL character", (key) => {
    const problems = problemsOf(() => load(`worker.bridge.${key}`, "/run/secret\u0000name"));
    expect(problems).toMatchObject([
      {
        path: `worker.bridge.${key}`,
        message: expect.stringContaining("NUL character: remove it"),
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain("secret");
  });

  it.each(["socket_path", "heartbeat_file"])("of %s are empty arrays rather than null", (key) => {
    expect(problemsOf(() => load(`worker.bridge.${key}`, " \t"))).toMatchObject([
      {
        path: `worker.bridge.${key}`,
        message: expect.stringContaining('must not be blank: use "" for none'),
      },
    ]);
  });

  it("of heartbeat files have names that leave room for what is added while one is written", () => {
    for (const path of [
      `/run/${"x".repeat(300)}`,
      `/run/${"é".repeat(124)}`,
      `/${"x".repeat(247)}/heartbeat`,
    ]) {
      expect(problemsOf(() => load("worker.bridge.heartbeat_file", path))).toMatchObject([
        {
          path: "worker.bridge.heartbeat_file",
          message: expect.stringContaining("at most 246 bytes"),
        },
      ]);
    }
    expect(
      settingOf(
        "worker.bridge.heartbeat_file",
        load("worker.bridge.heartbeat_file", `/run/${"x".repeat(246)}`),
      ),
    ).toHaveLength(251);
  });

  it("of sockets are as long as the system allows, in bytes", () => {
    const longest = process.platform === "linux" ? 107 : 103;
    expect(problemsOf(() => load("worker.bridge.socket_path", `/${"é".repeat(60)}`))).toMatchObject(
      [
        {
          path: "worker.bridge.socket_path",
          message: expect.stringMatching(`at most ${longest} bytes`),
        },
      ],
    );
    expect(
      settingOf(
        "worker.bridge.socket_path",
        load("worker.bridge.socket_path", `/${"x".repeat(longest - 1)}`),
      ),
    ).toHaveLength(longest);
    expect(
      settingOf(
        "worker.bridge.heartbeat_file",
        load("worker.bridge.heartbeat_file", `/${"x".repeat(150)}`),
      ),
    ).toHaveLength(151);
  });
});

describe("a field table", () => {
  it("vouches for what cannot contain a secret, and for the names and rights of keys", () => {
    const safe = new Set(fieldTable.filter((field) => field.safe).map(({ path }) => path));
    expect([...safe].filter((path) => path.includes("[]"))).toEqual([
      "worker.web.auth.api_keys[].name",
      "worker.web.auth.api_keys[].rights",
      "worker.web.auth.api_keys[].description",
      "worker.web.auth.api_keys[].permissions",
    ]);
    expect(
      fieldTable
        .filter(({ type }) => type === "string" || type === "list")
        .some(({ path }) => safe.has(path) && !path.includes("[]")),
    ).toBe(false);
  });
});
