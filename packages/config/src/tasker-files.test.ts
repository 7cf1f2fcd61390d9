import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "./load-config.js";
import type { LoadedConfig } from "./loaded-config.js";
import { configFolder, problemsOf } from "./testing/config-folder.js";

function load(
  worker: string,
  env: Readonly<Record<string, string>> = {},
  common = "",
): LoadedConfig {
  const root = configFolder({ "base/common.toml": common, "base/worker.toml": worker });
  return loadConfig({ root, env });
}

describe("documentation in Tasker's files", () => {
  const common = `
[common.database]
url = "\${DATABASE_URL:-}"
[common.database._docs.url]
description = "Where the database is"
related = ["common.pgmq_database.url"]
[common.database._docs.url.recommendations]
production = { value = "\${DATABASE_URL}", rationale = "Never in a file" }
[common.database.pool_docs]
max_connections = "\${"
[[worker.list]]
a = 1
_docs = { a = "\${GONE}" }
`;

  it("is left out: not shown, not expanded, no key without effect", () => {
    const config = load("", {}, common);
    expect(JSON.stringify(config.redacted())).not.toContain("docs");
    expect(config.notices).toEqual([]);
    expect(config.unused_keys).toEqual(["worker.list"]);
    expect(config.settings.common.database.url.empty).toBe(true);
  });

  it("is left out of an application's own object too, which stays as it was", () => {
    const given = { common: { database: { _docs: { url: "text" } } } };
    expect(JSON.stringify(resolveConfig(given, { env: {} }).redacted())).not.toContain("_docs");
    expect(given.common.database._docs).toEqual({ url: "text" });
  });

  it("is only a table: a value of that name is kept", () => {
    expect(load('[worker.app]\nlink_docs = "see the wiki"').redacted().worker).toMatchObject({
      app: { link_docs: "see the wiki" },
    });
  });
});

describe("a variable that is not set", () => {
  it("is a notice under an unused key", () => {
    const config = load('[worker.app]\nurl = "${APP_URL}"\nlist = ["${OTHER"]');
    expect(config.notices).toEqual([
      expect.stringMatching(/^worker\.app\.url: the variable APP_URL is not set.*Nothing reads/),
      expect.stringMatching(/^worker\.app\.list\[0\]: contains a `\$\{`.*Nothing reads/),
    ]);
  });

  it.each(["orchestration.web", "homemade"])("is a notice in another section: %s", (section) => {
    const config = load(`[${section}]\na = "\${GONE}"\nb = "\${THERE:-x}"`);
    expect(config.notices).toEqual([
      expect.stringContaining(`${section}.a: the variable GONE is not set`),
    ]);
  });

  it("is a problem under a key that the worker reads", () => {
    expect(
      problemsOf(() => load('[worker]\nworker_type = "${WORKER_TYPE}"')).map(({ path }) => path),
    ).toEqual(["worker.worker_type"]);
  });
});

describe("Tasker's switch for /config", () => {
  const isOpen = (lines: string): boolean =>
    load(`[worker.web]\n${lines}`).settings.worker.web.endpoints.config_enabled;

  it("closes it, and opens it", () => {
    expect(isOpen("")).toBe(true);
    expect(isOpen("config_endpoint_enabled = false")).toBe(false);
    expect(isOpen("config_endpoint_enabled = true")).toBe(true);
    expect(isOpen('config_endpoint_enabled = "${CONFIG_ENDPOINT:-false}"')).toBe(false);
  });

  it("yields to our own key if they agree", () => {
    const ours = "[worker.web.endpoints]\nconfig_enabled";
    expect(isOpen(`${ours} = false`)).toBe(false);
    expect(isOpen(`config_endpoint_enabled = false\n${ours} = false`)).toBe(false);
  });

  it.each([true, false])("is shown like ours if only ours is set: %s", (value) => {
    const config = load(`[worker.web.endpoints]\nconfig_enabled = ${value}`);
    const { web } = config.redacted().worker as { web: { config_endpoint_enabled: boolean } };
    expect(web.config_endpoint_enabled).toBe(value);
    expect(config.origins["worker.web.config_endpoint_enabled"]).toEqual(
      config.origins["worker.web.endpoints.config_enabled"],
    );
    expect(
      problemsOf(() => load("[worker.web.endpoints]\nconfig_enabled = 5")).map(({ path }) => path),
    ).toEqual(["worker.web.endpoints.config_enabled"]);
  });

  it.each([
    [true, false],
    [false, true],
  ])("is refused if it says %s and ours says %s", (older, newer) => {
    const lines = `[worker.web]\nconfig_endpoint_enabled = ${older}\n[worker.web.endpoints]\nconfig_enabled = ${newer}`;
    expect(problemsOf(() => load(lines))).toMatchObject([
      { path: "worker.web.config_endpoint_enabled" },
    ]);
  });
});

describe("TASKER_TEMPLATE_PATH", () => {
  const pathsOf = (path: string) => {
    const common = '[common.task_templates]\nsearch_paths = ["a/*.yaml", "b/*.yaml"]';
    const { settings, origins } = load("", { TASKER_TEMPLATE_PATH: path }, common);
    return [settings.common.task_templates.search_paths, origins] as const;
  };

  it.each([
    ["/srv/tasks", "/srv/tasks/**/*.{yml,yaml}"],
    ["tasks/", "tasks/**/*.{yml,yaml}"],
    ["tasks/one.yaml", "tasks/one.yaml"],
  ])("names the place of templates: %s", (path, glob) => {
    const [paths, origins] = pathsOf(path);
    expect(paths).toEqual([glob]);
    expect(origins["common.task_templates.search_paths[0]"]).toEqual({
      source: "variable",
      file: null,
      variables: ["TASKER_TEMPLATE_PATH"],
    });
  });

  it("uses the files' value if it is empty", () => {
    expect(pathsOf("")[0]).toEqual(["a/*.yaml", "b/*.yaml"]);
  });
});

describe("the listener's table of the ticket's plan", () => {
  it.each([
    "enabled = false",
    'bind_address = "0.0.0.0"',
    "[worker.web_api.endpoints]\nhealth_enabled = false",
  ])("is pointed to [worker.web]: %s", (lines) => {
    expect(problemsOf(() => load(`[worker.web_api]\n${lines}`))).toMatchObject([
      { path: "worker.web_api", message: expect.stringContaining("[worker.web]") },
    ]);
  });
});

describe("tables that only Tasker reads", () => {
  it.each(["common.cache", "common.pgmq_database", "worker.grpc"])("are known: %s", (table) => {
    const { unused_keys, unknown_keys } = load("", {}, `[${table}]\nenabled = true\nurl = "x"`);
    expect([unused_keys, unknown_keys]).toEqual([[table], []]);
  });
});
