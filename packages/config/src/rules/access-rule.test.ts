import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "../load-config.js";
import { configFolder, problemsOf } from "../testing/config-folder.js";

const api_keys = [{ name: "grafana", key: "k-12345678901234" }];
const on = { enabled: true, api_keys };
const load = (sections: object) => resolveConfig(sections, { env: {} });
const web = (settings: object) => ({ worker: { web: settings } });

describe("a key without effect that reads like access control", () => {
  it.each([
    ["worker.web.auht", web({ auht: on })],
    ["worker.web.atuh", web({ atuh: on })],
    ["worker.web.aut", web({ aut: on })],
    ["worker.web.Auth", web({ Auth: on })],
    ['worker.web["auth "]', web({ "auth ": on })],
    ["worker.web.authentication", web({ authentication: on })],
    ["worker.web.authentification", web({ authentification: on })],
    ["worker.web.authentcation", web({ authentcation: on })],
    ["worker.web.authorisation", web({ authorisation: on })],
    ["worker.web.basic_auth", web({ basic_auth: { user: "x", password: "y" } })],
    ["worker.web.basicAuth", web({ basicAuth: true })],
    ["worker.web.require_auth", web({ require_auth: true })],
    ["worker.web.security", web({ security: { enabled: true } })],
    ["worker.web.api_key", web({ api_key: "k-12345678901234" })],
    ["worker.web.api_keys", web({ api_keys })],
    ["worker.web.apiKeys", web({ apiKeys: api_keys })],
    ["worker.web.token", web({ token: "x" })],
    ["worker.web.protect_probes", web({ protect_probes: true })],
    ["worker.web.jwt_issuer", web({ jwt_issuer: "x" })],
    ["worker.web.allowed_ips", web({ allowed_ips: ["10.0.0.0/8"] })],
    ["worker.web.tls", web({ tls: { cert: "a.pem" } })],
    ["worker.web.auth.enabeld", web({ auth: { enabeld: true } })],
    ["worker.web.auth.Enabled", web({ auth: { Enabled: true } })],
    ["worker.web.auth.keys", web({ auth: { ...on, keys: api_keys } })],
    ["worker.web.auth.protect_probe", web({ auth: { ...on, protect_probe: true } })],
    [
      "worker.web.auth.api_keys[0].right",
      web({ auth: { ...on, api_keys: [{ ...api_keys[0], right: ["write"] }] } }),
    ],
    ["worker.auth", { worker: { auth: on } }],
    ["worker.api_keys", { worker: { api_keys } }],
    ["worker.http.auth", { worker: { http: { auth: on } } }],
    ["worker.wbe.auth", { worker: { wbe: { auth: on } } }],
    ['worker["web.auth"]', { worker: { "web.auth": on } }],
    ["worker.bridge.auth", { worker: { bridge: { auth: on } } }],
    ["worker.metrics.auth", { worker: { metrics: { auth: on } } }],
    ["common.auth", { common: { auth: on } }],
    ["web.auth", { web: { auth: on } }],
    ["auth", { auth: on }],
    ["worker.webauth", { worker: { webauth: on } }],
    ["worker.webAuth", { worker: { webAuth: on } }],
    ["worker.HTTPSecurity", { worker: { HTTPSecurity: on } }],
    ["worker.authguard", { worker: { authguard: on } }],
    ["worker.access", { worker: { access: on } }],
    ["worker.guard", { worker: { guard: [on] } }],
    ["worker.web.guard", web({ guard: on })],
    ["worker.web.access", web({ access: on })],
    ["worker.web.access_rules", web({ access_rules: ["read"] })],
    ["worker.web_server.auth", { worker: { web_server: { auth: on } } }],
    ["worker.webserver.tokens", { worker: { webserver: { tokens: ["x"] } } }],
    ["worker.gui.auth", { worker: { gui: { auth: { enabled: true } } } }],
    ["worker.gui.door.api_keys", { worker: { gui: { door: { api_keys } } } }],
    ["worker.gui[0].apiKeys", { worker: { gui: [{ apiKeys: api_keys }] } }],
    ["worker.gui.jwt_issuer", { worker: { gui: { jwt_issuer: "x" } } }],
    ["worker.gui.protected_routes", { worker: { gui: { protected_routes: ["/"] } } }],
    ["common.http_api.auth", { common: { http_api: { auth: on } } }],
    ["common.door.api_keys", { common: { door: { api_keys } } }],
    ["web_server.auth", { web_server: { auth: on } }],
    ["guard", { guard: on }],
    ["wroker.web.auth", { wroker: { web: { auth: on } } }],
  ])("%s is rejected", (path, sections) => {
    expect(problemsOf(() => load(sections))).toEqual([
      expect.objectContaining({
        path,
        message: expect.stringMatching(/^is not a key of the worker and protects nothing/),
      }),
    ]);
  });

  it.each([
    ["worker.web.endpoints.config_enable", web({ endpoints: { config_enable: false } })],
    ["worker.web.endpoint", web({ endpoint: { config_enabled: false } })],
    ["worker.web.enable", web({ enable: false })],
  ])("%s is rejected, as it would leave something open", (path, sections) => {
    expect(problemsOf(() => load(sections))).toMatchObject([
      { path, message: expect.stringContaining("switches nothing off") },
    ]);
  });

  it("is rejected with its file and the key that may be meant, also in an environment's file", () => {
    const root = configFolder({
      "base/worker.toml": "",
      "environments/production/worker.toml": '[worker.web.auht]\nenabled = true\napi_key = "x"\n',
    });
    expect(problemsOf(() => loadConfig({ env: { TASKER_ENV: "production" }, root }))).toEqual([
      expect.objectContaining({
        path: "worker.web.auht",
        file: "environments/production/worker.toml",
        message: expect.stringMatching(/Did you mean "auth"\?$/),
      }),
    ]);
  });

  it.each([
    [
      "is part of Tasker's own files",
      { worker: { web: { auth: { jwt_issuer: "", api_key: "" } } } },
    ],
    ["is beside an auth that is switched off", web({ auth: { enabled: false, enabeld: true } })],
    ["switches itself off", web({ tls: { enabled: false }, authentication: { enabled: false } })],
    ["is the application's own", { worker: { payments: { api_key: "x", auth: { user: "y" } } } }],
    [
      "is whom the application asks itself",
      { worker: { auth_service: { url: "x" }, login_url: "x" }, common: { oauth_client: "x" } },
    ],
    ["is another program's", { billing: { auth: on, api_keys }, orchestration: { auth: on } }],
    [
      "names something else",
      {
        worker: { access_log: { enabled: true }, payments: { api_keys: ["x"], author: "y" } },
        access: { rules: "x" },
      },
    ],
    ["is in a table that is switched off", { worker: { gui: { enabled: false, api_keys } } }],
    ["is about the database", { common: { database: { auth_query: "x" } } }],
  ])("is no problem if it %s", (_what, sections) => {
    expect(load(sections).settings.worker.web.auth.enabled).toBe(false);
  });

  it.each([
    "path",
    "base_path",
    "auto",
    "author",
    "project",
    "production",
    "protocol",
    "cors",
    "monkey",
    "keyboard",
    "host",
    "cache",
    "automation",
    "bind_adress",
    "timeout_ms",
    "certainty",
    "tokenizer",
    "application",
    "documentation",
  ])("is not seen in worker.web.%s", (key) => {
    expect(load(web({ [key]: "x" })).unused_keys).toEqual([`worker.web.${key}`]);
  });
});
