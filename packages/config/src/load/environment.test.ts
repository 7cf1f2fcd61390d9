import { describe, expect, it } from "vitest";
import { loadConfig, resolveConfig } from "../load-config.js";
import { configFolder, problemsOf } from "../testing/config-folder.js";

describe("the environment", () => {
  const root = (): string =>
    configFolder({
      "base/common.toml": "common.execution.environment = '${STAGE:-staging}'",
      "environments/staging/common.toml":
        "common.execution.environment = 'lies'\ncommon.x = 'staging'",
      "environments/test/common.toml": "common.x = 'test'",
    });

  it("is TASKER_ENV if that is set", () => {
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

  it("is otherwise what the base files say, whatever an overlay says", () => {
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

  it("is development if nothing names it", () => {
    expect(
      loadConfig({ env: { TASKER_ENV: "" }, root: configFolder({ "base/common.toml": "" }) })
        .environment,
    ).toBe("development");
  });

  it("is the one given in code, whatever else is set", () => {
    expect(
      loadConfig({ env: { TASKER_ENV: "staging" }, environment: "test", root: root() }).environment,
    ).toBe("test");
  });

  it.each(["../../etc", "a/b", "", "a b", ".."])(
    "cannot be %j, which is not the name of a folder",
    (environment) => {
      expect(problemsOf(() => loadConfig({ env: {}, environment, root: root() }))).toMatchObject([
        { path: "common.execution.environment" },
      ]);
    },
  );

  it("hides no other problem when it is wrong", () => {
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

  it("is rejected before any file is read because of it", () => {
    const folder = configFolder({ "base/common.toml": "", "outside/common.toml": "not TOML" });
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_ENV: "../outside" }, root: folder })),
    ).toMatchObject([{ path: "common.execution.environment", variable: "TASKER_ENV" }]);
  });

  it("gets a notice when it changes nothing, because it may be misspelled", () => {
    const env = { TASKER_ENV: "prodcution", DATABASE_URL: "postgres://h/db" };
    expect(loadConfig({ env, root: root() }).notices).toEqual([
      "environments/prodcution contains no files: only the base files apply",
    ]);
    expect(loadConfig({ env: { TASKER_ENV: "test" }, root: root() }).notices).toEqual([]);
  });
});
