import { answer, createWorkerContext, inProcess } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createConfigService } from "./config-service.js";
import { resolveConfig } from "./load-config.js";

const { operations } = createConfigService({
  context: createWorkerContext(),
  config: resolveConfig(
    { common: { database: { url: "postgres://app:hunter2hunter2@db.internal/app" } } },
    { env: {}, environment: "test" },
  ),
});

describe("the operations of the configuration", () => {
  it("are reads that anonymous callers may not make", () => {
    expect(Object.keys(operations)).toEqual(
      expect.arrayContaining(["config_runtime", "config_environment"]),
    );
    for (const [key, { name, group, access, exposure }] of Object.entries(operations))
      expect([name, group, access, exposure]).toEqual([key, "config", "read", "detail"]);
  });

  it("answer the configuration with its secrets masked, and the environment as bare text", async () => {
    const { body } = await answer(operations.config_runtime, undefined, inProcess);
    expect(
      operations.config_runtime.result.parse(JSON.parse(body)).metadata.redacted_fields,
    ).toEqual(["common.database.url"]);
    expect(await answer(operations.config_environment, undefined, inProcess)).toMatchObject({
      body: "test",
      mediaType: "text/plain; charset=utf-8",
    });
  });
});
