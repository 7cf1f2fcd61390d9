import { describe, expect, it } from "vitest";
import { resolveConfig } from "./load-config.js";
import { problemsOf } from "./testing/config-folder.js";

const env = {};

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
