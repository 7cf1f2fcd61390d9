import { describe, expect, it } from "vitest";
import { createRedactedConfig } from "./redacted-config.js";
import { resolveWorkerOptions } from "./worker-options.js";

const key = "a-key-of-some-length";

describe("the redacted configuration of a worker", () => {
  it("is its options, secrets masked, if no files were read", () => {
    const config = createRedactedConfig(
      resolveWorkerOptions({
        database: "postgres://orders:hunter2-hunter2@db.example:5432/orders",
        namespaces: ["orders"],
        handlers: { Ship: async () => null },
        http: { auth: { keys: [{ name: "dashboard", key, rights: ["read"] }] } },
      }),
    );
    const { worker, redacted_fields } = config.redacted();
    expect(worker).toMatchObject({
      namespaces: ["orders"],
      concurrency: 10,
      http: { port: 8_081 },
    });
    expect(JSON.stringify(worker)).not.toMatch(/hunter2|a-key-of/);
    expect(redacted_fields).toEqual(["worker.database", "worker.http.auth.keys[0].key"]);
    expect(config.redactor.text(`uses ${key}`)).not.toContain(key);
  });
});
