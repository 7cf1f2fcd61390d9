import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { problemsOf } from "../testing/config-folder.js";

const withAuth = (auth: object) => resolveConfig({ worker: { web: { auth } } }, { env: {} });
const key = { name: "grafana", key: "k-12345678901234" };

describe("auth", () => {
  it("is off by default", () => {
    expect(withAuth({}).settings.worker.web.auth).toEqual({
      enabled: false,
      api_key_header: "X-API-Key",
      api_keys: [],
      protect_probes: false,
    });
  });

  it("accepts keys, which may only read unless they have more rights", () => {
    const { api_keys } = withAuth({
      enabled: true,
      api_keys: [key, { name: "ci", key: "k-76543210987654", rights: ["read", "write"] }],
    }).settings.worker.web.auth;
    expect(
      api_keys.map(({ name, key: secret, rights }) => [name, secret.reveal(), rights]),
    ).toEqual([
      ["grafana", "k-12345678901234", ["read"]],
      ["ci", "k-76543210987654", ["read", "write"]],
    ]);
  });

  it("treats a non-empty api_key as one key with both rights", () => {
    const { api_keys } = withAuth({ enabled: true, api_key: "k-12345678901234" }).settings.worker
      .web.auth;
    expect(
      api_keys.map(({ name, key: secret, rights }) => [name, secret.reveal(), rights]),
    ).toEqual([["api_key", "k-12345678901234", ["read", "write"]]]);
    expect(withAuth({ enabled: false, api_key: "" }).settings.worker.web.auth.api_keys).toEqual([]);
  });

  it("with keys but without enabled is rejected, and with enabled = false is not", () => {
    expect(problemsOf(() => withAuth({ api_keys: [key] }))).toMatchObject([
      { path: "worker.web.auth.enabled" },
    ]);
    expect(problemsOf(() => withAuth({ api_key: "k" }))).toMatchObject([
      { path: "worker.web.auth.enabled" },
    ]);
    expect(withAuth({ enabled: false, api_keys: [key] }).settings.worker.web.auth.enabled).toBe(
      false,
    );
  });

  it("that is enabled without a key is rejected", () => {
    expect(problemsOf(() => withAuth({ enabled: true }))).toMatchObject([
      { path: "worker.web.auth.api_keys", message: expect.stringContaining("at least one key") },
    ]);
    expect(problemsOf(() => withAuth({ enabled: true, api_key: "", api_keys: [] }))).toHaveLength(
      1,
    );
  });

  it("by JWT or by route is rejected if auth is enabled, because it would have no effect", () => {
    const older = {
      jwt_issuer: "tasker",
      jwt_token_expiry_hours: 24,
      jwt_private_key: "",
      protected_routes: [{ path: "/x" }],
    };
    expect(
      problemsOf(() => withAuth({ ...older, enabled: true, api_keys: [key] })).map(
        ({ path }) => path,
      ),
    ).toEqual([
      "worker.web.auth.jwt_issuer",
      "worker.web.auth.jwt_token_expiry_hours",
      "worker.web.auth.protected_routes",
    ]);
    expect(withAuth({ ...older, enabled: false }).settings.worker.web.auth.enabled).toBe(false);
  });

  it("rejects a key that is given twice, and names it without its value", () => {
    const problems = problemsOf(() =>
      withAuth({ enabled: true, api_keys: [key, { ...key, name: "other" }] }),
    );
    expect(problems).toMatchObject([
      {
        path: "worker.web.auth.api_keys[1].key",
        message: expect.stringContaining("api_keys[0].key"),
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain("k-12345678901234");
  });

  it("rejects an api_key that is listed too", () => {
    const problems = problemsOf(() =>
      withAuth({ enabled: true, api_keys: [key], api_key: key.key }),
    );
    expect(problems).toMatchObject([
      {
        path: "worker.web.auth.api_key",
        message: expect.stringContaining("same key as api_keys[0].key"),
      },
    ]);
  });

  it.each([
    "k-12345678901234\n",
    " k-12345678901234",
    "k-12345678901234 ",
    "k-1234567 8901234",
    "é€é€é€é€é€é€é€é€",
  ])("rejects an api_key that no header can carry: %j", (api_key) => {
    const problems = problemsOf(() => withAuth({ enabled: true, api_key }));
    expect(problems).toMatchObject([
      {
        path: "worker.web.auth.api_key",
        message: expect.stringContaining("no HTTP header can carry it"),
      },
    ]);
  });

  it.each([
    [{ name: "x", key: "" }, "key"],
    [{ name: "x", key: "ключ" }, "key"],
    [{ name: "x", key: "a b" }, "key"],
    [{ name: "x" }, "key"],
    [{ key: key.key }, "name"],
    [{ name: "", key: key.key }, "name"],
    [{ name: "x", key: key.key, rights: [] }, "rights"],
    [{ name: "x", key: key.key, rights: ["admin"] }, "rights[0]"],
    [{ name: "x", key: key.key, rights: "read" }, "rights"],
  ])("rejects the key %j for its %s", (entry, field) => {
    expect(problemsOf(() => withAuth({ enabled: true, api_keys: [entry] }))).toMatchObject([
      { path: `worker.web.auth.api_keys[0].${field}` },
    ]);
  });

  it.each([
    [{ api_keys: [{ name: "x", key: "fifteen-chars-k" }] }, "api_keys[0].key"],
    [{ api_keys: [key, { name: "x", key: "x" }] }, "api_keys[1].key"],
    [{ api_key: "x" }, "api_key"],
  ])("rejects a key that can be guessed: %j", (keys, path) => {
    const problems = problemsOf(() => withAuth({ enabled: true, ...keys }));
    expect(problems).toMatchObject([
      {
        path: `worker.web.auth.${path}`,
        message: expect.stringMatching(/^must have at least 16 characters.*openssl rand/),
      },
    ]);
    expect(withAuth({ enabled: false, ...keys }).settings.worker.web.auth.enabled).toBe(false);
    expect(
      withAuth({ enabled: true, api_key: "sixteen-chars-ky" }).settings.worker.web.auth.api_keys,
    ).toHaveLength(1);
  });

  it("names the variable that left a key empty", () => {
    const auth = { enabled: true, api_keys: [{ name: "x", key: "${GRAFANA_KEY:-}" }] };
    expect(problemsOf(() => withAuth(auth))).toMatchObject([
      { path: "worker.web.auth.api_keys[0].key", variable: "GRAFANA_KEY" },
    ]);
  });

  it("rejects a header name that is not valid", () => {
    expect(problemsOf(() => withAuth({ api_key_header: "X Api\nKey" }))).toMatchObject([
      { path: "worker.web.auth.api_key_header" },
    ]);
  });

  it("reports its rules besides the problems that the schema finds", () => {
    expect(
      problemsOf(() => withAuth({ enabled: true, protect_probes: "yes" })).map(({ path }) => path),
    ).toEqual(["worker.web.auth.protect_probes", "worker.web.auth.api_keys"]);
  });
});

describe("the error rate", () => {
  it("is not unhealthy before it is degraded", () => {
    const problems = problemsOf(() =>
      resolveConfig(
        { worker: { health: { error_rate: { degraded: 0.5, unhealthy: 0.2 } } } },
        { env: {} },
      ),
    );
    expect(problems).toMatchObject([{ path: "worker.health.error_rate.degraded" }]);
  });
});
