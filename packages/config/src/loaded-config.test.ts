import { inspect } from "node:util";
import { collectReachable } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "./load-config.js";
import { configFolder } from "./testing/config-folder.js";

const secrets = ["hunter2hunter2", "k-grafana-123456", "opaque-custom-1", "password-of-push"];
const given = {
  common: {
    database: {
      url: "postgres://svc:hunter2hunter2@db.internal/orders",
      listen_url: "postgres://svc:hunter2hunter2@direct/orders",
    },
  },
  worker: {
    metrics: { push: { url: "https://svc:password-of-push@gateway/prefix" } },
    web: {
      auth: {
        enabled: true,
        api_keys: [{ name: "grafana", key: "k-grafana-123456", rights: ["read"] }],
      },
    },
    payment: {
      client_secret: "opaque-custom-1",
      note: "uses opaque-custom-1",
      "labels hunter2hunter2": 1,
    },
  },
};
const config = resolveConfig(given, { env: {}, createWorkerId: () => "w" });

describe("a loaded configuration", () => {
  it.each([
    ["JSON", () => JSON.stringify([config, config.settings, config.redacted()])],
    [
      "inspection",
      () =>
        inspect([config, config.redacted(), config.redactor], {
          showHidden: true,
          depth: null,
          getters: true,
        }),
    ],
    [
      "inspection without custom methods",
      () => inspect(config, { showHidden: true, depth: null, customInspect: false }),
    ],
    ["a spread", () => inspect({ ...config, ...config.settings }, { depth: null })],
    ["walking over every property there is", () => collectReachable(config)],
  ])("does not give its secrets to %s", (_how, inspectConfig) => {
    const seen = inspectConfig();
    for (const secret of secrets) expect(seen).not.toContain(secret);
  });

  it.each(["postgres", "development", "elephants_eu"])(
    "keeps its names, and those in messages, if the password is the same word: %s",
    (word) => {
      const named = resolveConfig(
        {
          common: { database: { url: `postgres://${word}:${word}@127.0.0.1:5432/${word}` } },
          worker: {
            worker_id: `${word}-worker-1`,
            worker_type: word,
            namespaces: [word],
            ledger: { user: word, password: word },
          },
        },
        { env: {}, environment: word },
      );
      const { common, worker, redacted_fields } = named.redacted();
      expect(redacted_fields).toEqual(["common.database.url", "worker.ledger.password"]);
      expect(common).toMatchObject({
        database: { url: `postgres://***REDACTED***@127.0.0.1:5432/${word}` },
        execution: { environment: word },
      });
      expect(worker).toMatchObject({
        worker_id: `${word}-worker-1`,
        worker_type: word,
        namespaces: [word],
      });
      const line = `the queue ${word} of ${word}-worker-1 in ${word}`;
      expect(named.redactor.text(line)).toBe(line);
    },
  );

  it("masks a secret that another file has replaced, and hides nothing else", () => {
    const root = configFolder({
      "base/common.toml": "common.database.url = 'postgres://svc:${OLD}@h/db'",
      "base/worker.toml":
        "[worker]\nnote = 'old-secret-1 and hunter2hunter2, by grafana-prod'\npayment.password = 'old-secret-1'\nweb.auth.enabled = true\nweb.auth.api_keys = [{ name = 'grafana-prod', key = 'k-grafana-123456' }]",
      "environments/test/common.toml": "common.database.url = 'postgres://svc:new-secret-1@h/db'",
      "environments/test/worker.toml": "worker.payment.password = 'new-secret-2'",
    });
    const { worker, redacted_fields } = loadConfig({
      env: { TASKER_ENV: "test", OLD: "hunter2hunter2" },
      root,
    }).redacted();
    expect(worker.note).toBe("***REDACTED*** and ***REDACTED***, by grafana-prod");
    expect(redacted_fields).toEqual([
      "common.database.url",
      "worker.note",
      "worker.payment.password",
      "worker.web.auth.api_keys[0].key",
    ]);
  });

  it("is frozen all the way down", () => {
    const open: unknown[] = [config];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      expect(Object.isFrozen(value)).toBe(true);
      for (const member of Object.values(value as object))
        if (typeof member === "object" && member !== null) open.push(member);
    }
  });

  it("shows which keys exist and what they may do, and not the keys", () => {
    const { worker, redacted_fields } = config.redacted();
    expect(worker.web).toMatchObject({
      auth: { api_keys: [{ name: "grafana", key: "***REDACTED***", rights: ["read"] }] },
    });
    expect(redacted_fields).toEqual(
      [
        "common.database.listen_url",
        "common.database.url",
        "worker.metrics.push.url",
        "worker.payment.client_secret",
        'worker.payment["labels ***REDACTED***"]',
        "worker.payment.note",
        "worker.web.auth.api_keys[0].key",
      ].sort(),
    );
  });

  it("keeps hosts and paths of its URLs, and everything that is not a secret", () => {
    const plain = resolveConfig(
      {
        common: {
          x: {
            keyboard_layout: "de",
            callback_url: "https://h/cb",
            token_expiry_hours: 24,
            naming: "{a}_{b}",
          },
        },
      },
      { env: {} },
    );
    expect(config.redacted().common.database).toMatchObject({
      url: "postgres://***REDACTED***@db.internal/orders",
    });
    expect(plain.redacted().common.x).toEqual({
      keyboard_layout: "de",
      callback_url: "https://h/cb",
      token_expiry_hours: 24,
      naming: "{a}_{b}",
    });
    expect(plain.redacted().redacted_fields).toEqual([]);
  });

  it("keeps a database's URL that has no credentials in it", () => {
    const { common, redacted_fields } = resolveConfig(
      { common: { database: { url: "postgresql://localhost/orders" } } },
      { env: {} },
    ).redacted();
    expect(common.database).toMatchObject({ url: "postgresql://localhost/orders" });
    expect(redacted_fields).toEqual([]);
  });

  it("is redacted once", () => {
    expect(config.redacted()).toBe(config.redacted());
  });

  it("masks its own secrets in messages", () => {
    expect(config.redactor.text("refused hunter2hunter2 and k-grafana-123456")).toBe(
      "refused ***REDACTED*** and ***REDACTED***",
    );
  });

  it("masks in messages every secret in it, including one that an overlay replaced", () => {
    const root = configFolder({
      "base/worker.toml":
        "[worker]\npayment.password = 'Zq7hunterLong99'\nmirror = 'https://u:mirror-secret-1@h/x'\nhook = '{\"token\":\"json-secret-1\"}'\npin_token = 8812345678\n",
      "environments/test/worker.toml": "worker.payment.password = 'new-secret-2'",
    });
    const { redactor } = loadConfig({ env: { TASKER_ENV: "test" }, root });
    for (const secret of [
      "Zq7hunterLong99",
      "new-secret-2",
      "mirror-secret-1",
      "json-secret-1",
      "8812345678",
    ])
      expect(redactor.text(`see ${secret}, there`)).toBe("see ***REDACTED***, there");
    expect(redactor.redact({ note: "Zq7hunterLong99" })).toMatchObject({
      value: { note: "***REDACTED***" },
    });
  });

  it("masks no word that is short, nor one in the middle of another, because it is a secret somewhere", () => {
    const { redactor, unused_keys, origins } = resolveConfig(
      { worker: { payment: { password: "production", token: "short" }, production: 1 } },
      { env: {} },
    );
    expect(redactor.text("tasker_production is short of https://h/x")).toBe(
      "tasker_production is short of https://h/x",
    );
    expect(unused_keys).toEqual(["worker.payment", "worker.production"]);
    expect(origins["worker.production"]).toMatchObject({ source: "file" });
  });

  it("names no key that is a secret elsewhere, and its value by the same name wherever it is named", () => {
    const config = resolveConfig(
      {
        worker: {
          payment: { password: "hunter2secretLong9" },
          hunter2secretLong9: { x: 1 },
          "881234567": 2,
          pin_token: "881234567",
        },
        hunter2secretLong9: 1,
      } as object,
      { env: {} },
    );
    expect(new Set(config.unknown_keys.map(({ path }) => path))).toEqual(
      new Set([
        "***REDACTED***",
        'worker["***REDACTED***"]',
        'worker["***REDACTED***#2"]',
        "worker.payment",
        "worker.pin_token",
      ]),
    );
    expect(config.redacted().worker).toMatchObject({
      "***REDACTED***": 2,
      "***REDACTED***#2": { x: 1 },
    });
    expect(Object.keys(config.origins)).toEqual(
      expect.arrayContaining(['worker["***REDACTED***"]', 'worker["***REDACTED***#2"].x']),
    );
  });

  it("shows defaults in the answer, and null for what is left out on purpose", () => {
    const { worker } = resolveConfig({}, { env: {} }).redacted();
    expect(worker).toMatchObject({
      web: { enabled: true, bind_address: "127.0.0.1:8081" },
      health: { check_timeout_ms: null, cache_ttl_ms: 1_000 },
    });
  });
});
