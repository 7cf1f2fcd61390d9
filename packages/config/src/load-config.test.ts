import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadConfig, resolveConfig } from "./load-config.js";
import { configErrorOf, configFolder, problemsOf } from "./testing/config-folder.js";

const env = {};

describe("loadConfig", () => {
  it("lays the environment's files over the base files: tables are merged, lists are replaced", () => {
    const root = configFolder({
      "base/common.toml":
        'common.task_templates.search_paths = ["a", "b"]\ncommon.database.pool.max_connections = 3',
      "base/worker.toml": "worker.namespaces = ['a', 'b']\nworker.kept.x = 1\nworker.kept.y = 1",
      "environments/production/common.toml": 'common.task_templates.search_paths = ["c"]',
      "environments/production/worker.toml": "worker.namespaces = ['c']\nworker.kept.y = 2",
    });
    const config = loadConfig({ env: { TASKER_ENV: "production" }, root });
    expect(config.settings.common.task_templates.search_paths).toEqual(["c"]);
    expect(config.settings.common.database.pool.max_connections).toBe(3);
    expect(config.settings.worker.namespaces).toEqual(["c"]);
    expect(config.redacted().worker.kept).toEqual({ x: 1, y: 2 });
  });

  it("is content with one of the two base files", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = 'w'" });
    expect(loadConfig({ env, root }).settings.worker.worker_id).toBe("w");
  });

  it("loads one complete file, and knows no overlays then", () => {
    const root = configFolder({
      "all.toml": "worker.worker_id = 'one'\norchestration.x = '${NOT_OURS}'",
      "environments/test/worker.toml": "worker.worker_id = 'two'",
    });
    const config = loadConfig({
      env: { TASKER_ENV: "test", TASKER_CONFIG_PATH: "all.toml", TASKER_CONFIG_ROOT: "nowhere" },
      cwd: root,
    });
    expect(config.settings.worker.worker_id).toBe("one");
    expect(config.environment).toBe("test");
    expect(config.unused_keys).toEqual(["orchestration"]);
  });

  it("says where it looked when there is nothing", () => {
    const root = configFolder({});
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_CONFIG_ROOT: "here" }, cwd: root })),
    ).toEqual([
      {
        path: null,
        variable: null,
        file: "here",
        message: expect.stringMatching(
          /base\/common\.toml.*TASKER_CONFIG_ROOT.*here.*TASKER_CONFIG_PATH/,
        ),
      },
    ]);
    expect(
      configErrorOf(() => loadConfig({ env: { TASKER_CONFIG_PATH: "x.toml" }, cwd: root })).message,
    ).toContain("x.toml: cannot be read (ENOENT)");
  });

  it.each(["TASKER_CONFIG_PATH", "TASKER_CONFIG_ROOT"])(
    "shows no password of a URL that %s was given for a path",
    (name) => {
      const { message } = configErrorOf(() =>
        loadConfig({ env: { [name]: "https://u:hunter2secret@h/x.toml" }, cwd: configFolder({}) }),
      );
      expect(message).toContain("https://***REDACTED***@h/x.toml");
      expect(message).not.toContain("hunter2secret");
    },
  );

  it("reads at most a mebibyte of a file, and no device: what may never end keeps no start waiting", () => {
    const root = configFolder({
      "base/common.toml": `# ${"x".repeat(1_048_576)}`,
      "base/worker.toml": "",
      "environments/test/common.toml": "",
    });
    rmSync(join(root, "environments/test/common.toml"));
    execFileSync("mkfifo", [
      join(root, "environments/test/common.toml"),
      join(root, "environments/test/worker.toml"),
    ]);
    const messages = problemsOf(() => loadConfig({ env: { TASKER_ENV: "test" }, root })).map(
      ({ file, message }) => `${file} ${message}`,
    );
    expect(messages).toEqual([
      "base/common.toml is larger than 1048576 bytes",
      "environments/test/common.toml is a pipe that nobody writes to",
      "environments/test/worker.toml is a pipe that nobody writes to",
    ]);
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_CONFIG_PATH: "/dev/zero" } })),
    ).toMatchObject([
      { file: "/dev/zero", message: "is a device or socket, where a file is expected" },
    ]);
  });

  it("passes over no file that is there and cannot be looked at: it may be what switches auth on", () => {
    const root = configFolder({
      "base/worker.toml": "",
      "environments/file": "",
      "environments/linked/common.toml": "",
    });
    const environments = join(root, "environments");
    symlinkSync("nowhere", join(root, "base/common.toml"));
    symlinkSync("nowhere", join(environments, "linked/worker.toml"));
    symlinkSync("nowhere", join(environments, "dangling"));
    symlinkSync("loop", join(environments, "loop"));
    const problems = (environment: string) =>
      problemsOf(() => loadConfig({ env, environment, root })).map(
        ({ file, message }) => `${file} ${message}`,
      );
    const ofOverlay = (environment: string, code: string) =>
      ["common", "worker"].map(
        (name) => `environments/${environment}/${name}.toml cannot be read (${code})`,
      );
    expect(problems("absent")).toEqual(["base/common.toml cannot be read (ENOENT)"]);
    rmSync(join(root, "base/common.toml"));
    expect(problems("linked")).toEqual(["environments/linked/worker.toml cannot be read (ENOENT)"]);
    expect(problems("dangling")).toEqual(ofOverlay("dangling", "ENOENT"));
    expect(problems("file")).toEqual(ofOverlay("file", "ENOTDIR"));
    expect(problems("loop")).toEqual(ofOverlay("loop", "ELOOP"));
  });

  it("looks at a pipe in a way that leaves packages behind symbolic links where they are found", () => {
    const root = configFolder({ "store/before/index.js": "", "store/after/index.js": "" });
    for (const folder of ["base", "node_modules"]) mkdirSync(join(root, folder));
    for (const name of ["before", "after"])
      symlinkSync(join(root, "store", name), join(root, "node_modules", name));
    const { resolve } = createRequire(join(root, "application.js"));
    expect(resolve("before")).toBe(join(realpathSync(root), "store/before/index.js"));
    execFileSync("mkfifo", [join(root, "base/worker.toml")]);
    expect(problemsOf(() => loadConfig({ env: {}, root }))).toMatchObject([
      { file: "base/worker.toml", message: "is a pipe that nobody writes to" },
    ]);
    expect(resolve("after")).toBe(join(realpathSync(root), "store/after/index.js"));
  });

  it("reports all problems at once, each with key, file and variable, and no value", () => {
    const root = configFolder({
      "base/common.toml":
        "[common.database]\nurl = '${NO_SUCH_URL}'\npool.max_connections = 'hunter2hunter2'",
      "base/worker.toml":
        "[worker.web]\nbind_address = '${ADDRESS:-here}'\nrequest_timeout_ms = -1\n[worker.health]\nslow_ms = '${SLOW}'",
      "environments/test/worker.toml": "[worker.health]\nstall_after_ms = 1.5",
    });
    const error = configErrorOf(() =>
      loadConfig({
        env: { TASKER_ENV: "test", ADDRESS: "hunter2hunter2", SLOW: "hunter2hunter2" },
        root,
      }),
    );
    expect(
      new Set(error.problems.map(({ path, file, variable }) => `${path} ${file} ${variable}`)),
    ).toEqual(
      new Set([
        "common.database.url base/common.toml NO_SUCH_URL",
        "common.database.pool.max_connections base/common.toml null",
        "worker.health.slow_ms base/worker.toml SLOW",
        "worker.health.stall_after_ms environments/test/worker.toml null",
        "worker.web.bind_address base/worker.toml ADDRESS",
        "worker.web.request_timeout_ms base/worker.toml null",
      ]),
    );
    expect(error.message).toContain(
      "  - worker.web.request_timeout_ms (base/worker.toml): must be a whole number from 1 to 2147483647 (milliseconds)",
    );
    expect(`${error.message}${error.stack}${JSON.stringify(error.problems)}`).not.toContain(
      "hunter2",
    );
  });

  it("reports what is wrong with an older key once, where it is written, and not where it stands in for a newer one", () => {
    const poller =
      "[worker.event_systems.worker.metadata.fallback_poller]\nsupported_namespaces = ['a', 'a', 'Bad']";
    const root = configFolder({
      "base/worker.toml": `[worker.health_monitoring]\nerror_rate_threshold = 7\n${poller}`,
    });
    const list = "worker.event_systems.worker.metadata.fallback_poller.supported_namespaces";
    const problems = problemsOf(() => loadConfig({ env, root }));
    expect(problems.map(({ path, file }) => `${path} ${file}`).sort()).toEqual([
      `${list}[1] base/worker.toml`,
      `${list}[2] base/worker.toml`,
      "worker.health_monitoring.error_rate_threshold base/worker.toml",
    ]);
    const high = configFolder({
      "base/worker.toml": "[worker.health_monitoring]\nerror_rate_threshold = 0.5",
    });
    expect(problemsOf(() => loadConfig({ env, root: high }))).toEqual([
      {
        path: "worker.health_monitoring.error_rate_threshold",
        variable: null,
        file: "base/worker.toml",
        message: "must not be above worker.health.error_rate.unhealthy",
      },
    ]);
  });

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

  it("refuses a file that is not UTF-8", () => {
    const root = configFolder({ "base/common.toml": Uint8Array.of(0x61, 0xff) });
    expect(problemsOf(() => loadConfig({ env, root }))).toEqual([
      { path: null, variable: null, file: "base/common.toml", message: "is not UTF-8 text" },
    ]);
  });

  it("refuses own __proto__ keys, wherever they are, and leaves prototypes alone", () => {
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

  it("refuses tables nested beyond reason", () => {
    const root = configFolder({ "base/worker.toml": `worker.${"a.".repeat(5_000)}b = 1` });
    expect(problemsOf(() => loadConfig({ env, root }))[0]?.message).toBe(
      "is nested deeper than 100 levels",
    );
  });

  it("keeps integers that no number holds, dates, and infinities in keys it does not use", () => {
    const root = configFolder({
      "base/worker.toml": "[worker.x]\nbig = 9223372036854775807\nday = 2024-02-29\ninf = inf",
    });
    expect(loadConfig({ env, root }).redacted().worker.x).toEqual({
      big: "9223372036854775807",
      day: "2024-02-29",
      inf: "Infinity",
    });
  });

  it("makes an id for a worker that is given none, and none for one that is", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = '${HOSTNAME:-}'" });
    expect(loadConfig({ env, root, createWorkerId: () => "made" }).settings.worker.worker_id).toBe(
      "made",
    );
    expect(loadConfig({ env, root }).settings.worker.worker_id).toMatch(/^worker-[0-9a-f-]{36}$/);
    expect(
      loadConfig({ env: { HOSTNAME: "pod-1" }, root, createWorkerId: () => "made" }).settings.worker
        .worker_id,
    ).toBe("pod-1");
  });

  it("reads the process's environment and folder where it is told of no other", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = '${TASKER_CONFIG_ROOT}'" });
    vi.stubEnv("TASKER_CONFIG_ROOT", root);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(loadConfig().settings.worker.worker_id).toBe(root);
  });
});

describe("the environment", () => {
  const root = (): string =>
    configFolder({
      "base/common.toml": "common.execution.environment = '${STAGE:-staging}'",
      "environments/staging/common.toml":
        "common.execution.environment = 'lies'\ncommon.x = 'staging'",
      "environments/test/common.toml": "common.x = 'test'",
    });

  it("is TASKER_ENV first", () => {
    const config = loadConfig({ env: { TASKER_ENV: "test", STAGE: "staging" }, root: root() });
    expect([
      config.environment,
      config.settings.common.execution.environment,
      config.redacted().common.x,
    ]).toEqual(["test", "test", "test"]);
    expect(config.origins["common.execution.environment"]).toEqual({
      source: "variable",
      file: null,
      variables: ["TASKER_ENV"],
    });
  });

  it("is what the base files say else, and nothing that an overlay says", () => {
    const config = loadConfig({ env: {}, root: root() });
    expect([
      config.environment,
      config.settings.common.execution.environment,
      config.redacted().common.x,
    ]).toEqual(["staging", "staging", "staging"]);
    expect(config.origins["common.execution.environment"]).toMatchObject({
      source: "file",
      file: "base/common.toml",
    });
    expect(loadConfig({ env: { STAGE: "test" }, root: root() }).environment).toBe("test");
  });

  it("is development at last", () => {
    expect(
      loadConfig({ env: { TASKER_ENV: "" }, root: configFolder({ "base/common.toml": "" }) })
        .environment,
    ).toBe("development");
  });

  it("is given in code before anything else", () => {
    expect(
      loadConfig({ env: { TASKER_ENV: "staging" }, environment: "test", root: root() }).environment,
    ).toBe("test");
  });

  it.each(["../../etc", "a/b", "", "a b", ".."])(
    "cannot be %j, which would lead out of the folder",
    (environment) => {
      expect(problemsOf(() => loadConfig({ env: {}, environment, root: root() }))).toMatchObject([
        { path: "common.execution.environment" },
      ]);
    },
  );

  it("hides no other problem where it is wrong", () => {
    const folder = configFolder({
      "base/common.toml":
        "common.execution.environment = '../../etc'\ncommon.database.pool.max_connections = -1",
    });
    const paths = (env: Record<string, string>) =>
      problemsOf(() => loadConfig({ env, root: folder })).map(({ path, variable, file }) => [
        path,
        variable,
        file,
      ]);
    const pool = ["common.database.pool.max_connections", null, "base/common.toml"];
    expect(paths({})).toEqual([["common.execution.environment", null, "base/common.toml"], pool]);
    expect(paths({ TASKER_ENV: "a/b" })).toEqual([
      ["common.execution.environment", "TASKER_ENV", null],
      pool,
    ]);
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_ENV: "a/b" }, root: configFolder({}) })),
    ).toHaveLength(2);
    expect(
      problemsOf(() => resolveConfig({ worker: { worker_id: 7 } }, { env: {}, environment: ".." })),
    ).toHaveLength(2);
  });

  it("is refused before a file is read on the strength of it", () => {
    const folder = configFolder({ "base/common.toml": "", "outside/common.toml": "not TOML" });
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_ENV: "../outside" }, root: folder })),
    ).toMatchObject([{ path: "common.execution.environment", variable: "TASKER_ENV" }]);
  });

  it("is noticed when it changes nothing, for it may be misspelt", () => {
    const env = { TASKER_ENV: "prodcution", DATABASE_URL: "postgres://h/db" };
    expect(loadConfig({ env, root: root() }).notices).toEqual([
      "environments/prodcution holds no files: the base files hold alone",
    ]);
    expect(loadConfig({ env: { TASKER_ENV: "test" }, root: root() }).notices).toEqual([]);
  });
});

describe("resolveConfig", () => {
  it("makes a configuration of an object by the same rules", () => {
    const config = resolveConfig(
      { worker: { namespaces: ["payments"], web: { enabled: false } } },
      { env: { DATABASE_URL: "postgres://h/db" } },
    );
    expect(config.settings.worker).toMatchObject({
      namespaces: ["payments"],
      web: { enabled: false },
    });
    expect(config.settings.common.database.url.reveal()).toBe("postgres://h/db");
    expect(
      problemsOf(() =>
        resolveConfig(JSON.parse('{"worker":{"__proto__":{"a":1},"web":5}}') as object, { env }),
      ),
    ).toMatchObject([{ path: "worker.__proto__" }]);
    expect(problemsOf(() => resolveConfig({ worker: { web: 5 } }, { env }))).toMatchObject([
      { path: "worker.web", message: "must be a table" },
    ]);
  });

  it("leaves the object as it was", () => {
    const sections = Object.freeze({
      worker: Object.freeze({ list: Object.freeze(["${A}"]), worker_id: "${A}" }),
    });
    expect(resolveConfig(sections, { env: { A: "a" } }).redacted().worker).toMatchObject({
      list: ["a"],
      worker_id: "a",
    });
    expect(sections.worker).toEqual({ list: ["${A}"], worker_id: "${A}" });
  });
});
