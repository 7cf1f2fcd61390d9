import { hostname } from "node:os";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadConfig } from "./load-config.js";
import { configErrorOf, configFolder, problemsOf } from "./testing/config-folder.js";

const env = {};

describe("loadConfig", () => {
  it("merges the environment's tables into those of the base files, and replaces lists", () => {
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

  it("needs only one of the two base files", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = 'w'" });
    expect(loadConfig({ env, root }).settings.worker.worker_id).toBe("w");
  });

  it("loads one complete file, without overlays", () => {
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

  it("reports a problem of an older key once, at the older key, not at the newer one", () => {
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

  it("makes an id for a worker only if it has none", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = '${HOSTNAME:-}'" });
    expect(loadConfig({ env, root, createWorkerId: () => "made" }).settings.worker.worker_id).toBe(
      "made",
    );
    expect(loadConfig({ env, root }).settings.worker.worker_id).toBe(hostname());
    expect(
      loadConfig({ env: { HOSTNAME: "pod-1" }, root, createWorkerId: () => "made" }).settings.worker
        .worker_id,
    ).toBe("pod-1");
  });

  it("reads the process's environment and folder if it is given no other", () => {
    const root = configFolder({ "base/worker.toml": "worker.worker_id = '${TASKER_CONFIG_ROOT}'" });
    vi.stubEnv("TASKER_CONFIG_ROOT", root);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(loadConfig().settings.worker.worker_id).toBe(root);
  });
});
