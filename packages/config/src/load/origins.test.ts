import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "../load-config.js";
import { configFolder } from "../testing/config-folder.js";

describe("origins", () => {
  it("name the file that won, the variables in the value, or the default", () => {
    const root = configFolder({
      "base/worker.toml":
        "[worker]\nworker_id = '${ID}'\nworker_type = '${TYPE:-slow}'\nlist = ['a', { x = '${ID}' }]\nempty = []\n[worker.web]\nrequest_timeout_ms = 5",
      "environments/test/worker.toml": "[worker.web]\nrequest_timeout_ms = 6",
    });
    const { origins } = loadConfig({
      env: { ID: "w", TASKER_ENV: "test", DATABASE_URL: "postgres://h" },
      root,
    });
    expect(origins).toMatchObject({
      "worker.worker_id": { source: "variable", file: "base/worker.toml", variables: ["ID"] },
      "worker.worker_type": { source: "file", file: "base/worker.toml", variables: [] },
      "worker.list[0]": { source: "file", file: "base/worker.toml" },
      "worker.list[1].x": { source: "variable", file: "base/worker.toml", variables: ["ID"] },
      "worker.empty": { source: "file" },
      "worker.web.request_timeout_ms": { source: "file", file: "environments/test/worker.toml" },
      "worker.web.enabled": { source: "default", file: null, variables: [] },
      "common.database.url": { source: "variable", file: null, variables: ["DATABASE_URL"] },
    });
  });

  it("are there for every value of the answer", () => {
    const config = resolveConfig({ worker: { extra: { a: [1, { b: null }] } } }, { env: {} });
    const paths: string[] = [];
    const collect = (value: unknown, path: string): void => {
      const members = Array.isArray(value)
        ? value.map((item, index) => [`[${index}]`, item] as const)
        : Object.entries(value ?? {}).map(([key, item]) => [`.${key}`, item] as const);
      if (typeof value !== "object" || members.length === 0) paths.push(path);
      else for (const [step, item] of members) collect(item, path + step);
    };
    collect(config.redacted().common, "common");
    collect(config.redacted().worker, "worker");
    expect(Object.keys(config.origins).sort()).toEqual(paths.sort());
  });

  it("of a key that an older one stands in for are the older one's", () => {
    const { settings, origins } = resolveConfig(
      {
        worker: {
          health_monitoring: { error_rate_threshold: 0.02 },
          event_systems: {
            worker: { metadata: { fallback_poller: { supported_namespaces: ["${NS}"] } } },
          },
        },
      },
      { env: { NS: "payments" } },
    );
    expect(settings.worker.health.error_rate.degraded).toBe(0.02);
    expect(settings.worker.namespaces).toEqual(["payments"]);
    expect(origins["worker.health.error_rate.degraded"]).toMatchObject({
      source: "file",
      file: "(given)",
    });
    expect(origins["worker.namespaces[0]"]).toMatchObject({
      source: "variable",
      variables: ["NS"],
    });
  });

  it("say when an id was made up", () => {
    expect(resolveConfig({}, { env: {} }).origins["worker.worker_id"]).toEqual({
      source: "generated",
      file: null,
      variables: [],
    });
  });
});

describe("keys without effect", () => {
  it("are unknown if Tasker's own files do not have them, with a hint if a key of the same table is near", () => {
    const sections = {
      common: {
        backoff: { a: 1 },
        execution: { enviroment: "x", max_retries: 3 },
        database: { pool: { min_connections: 1, max_conections: 1 } },
      },
      worker: { payment: { retries: 3 }, web: { auth: { jwt_issuer: "x" } } },
      orchestration: { a: 1 },
    };
    expect(resolveConfig(sections, { env: {} }).unknown_keys).toEqual([
      { path: "common.database.pool.max_conections", hint: 'Did you mean "max_connections"?' },
      { path: "common.execution.enviroment", hint: 'Did you mean "environment"?' },
      { path: "worker.payment", hint: null },
    ]);
  });

  it("are found in the tables of a list, and a key with a dot in it is not taken for a table's", () => {
    const api_keys = [
      { name: "x", key: "k-0123456789abcdef" },
      { name: "y", key: "k-fedcba9876543210", right: ["write"] },
    ];
    expect(
      resolveConfig(
        { worker: { web: { auth: { enabled: false, api_keys } }, "web.bind_address": 1 } },
        { env: {} },
      ).unknown_keys,
    ).toEqual([
      { path: "worker.web.auth.api_keys[1].right", hint: 'Did you mean "rights"?' },
      { path: 'worker["web.bind_address"]', hint: null },
    ]);
  });

  it("are named by their topmost table, sorted", () => {
    const sections = {
      common: { backoff: { a: 1, b: 2 }, database: { pool: { min_connections: 1 } } },
      worker: { web: { bindaddress: "x" } },
    };
    expect(resolveConfig(sections, { env: {} }).unused_keys).toEqual([
      "common.backoff",
      "common.database.pool.min_connections",
      "worker.web.bindaddress",
    ]);
  });
});
