import {
  answer,
  createWorkerContext,
  inProcess,
  invoke,
  ObservabilityError,
} from "@tasker-observability/core";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createConfigOperations } from "./config-operations.js";
import { createConfigService } from "./config-service.js";
import { resolveConfig } from "./load-config.js";
import { runtimeConfigSchema } from "./runtime-config.js";

const given = {
  common: { database: { url: "postgres://svc:hunter2hunter2@db.internal/orders" } },
  worker: { worker_id: "orders-1", namespaces: ["orders"] },
};
const config = resolveConfig(given, { env: { TASKER_ENV: "production" } });
const service = createConfigService({ config });

describe("runtimeConfig", () => {
  it("answers as its schema says", async () => {
    const answered = await service.runtimeConfig();
    expect(runtimeConfigSchema.strict().parse(answered)).toEqual(answered);
    expect(answered).toMatchObject({
      environment: "production",
      common: { database: { url: "postgres://***REDACTED***@db.internal/orders" } },
      worker: { worker_id: "orders-1" },
      metadata: { source: "runtime", redacted_fields: ["common.database.url"] },
    });
  });

  it("gives each answer the instant at which it was given, and shares the rest", async () => {
    let now = 0;
    const context = createWorkerContext({
      clock: { wallMs: () => (now += 1_000), monotonicMs: () => now, after: () => () => undefined },
    });
    const timed = createConfigService({ config, context });
    const [first, second] = [await timed.runtimeConfig(), await timed.runtimeConfig()];
    expect([first.metadata.timestamp, second.metadata.timestamp]).toEqual([
      "1970-01-01T00:00:01.000Z",
      "1970-01-01T00:00:02.000Z",
    ]);
    expect(second.worker).toBe(first.worker);
    expect([first, first.metadata, first.worker].every(Object.isFrozen)).toBe(true);
  });

  it("is an error without data where redaction fails", async () => {
    const broken = createConfigService({
      config: {
        ...config,
        redacted: () => {
          throw new ObservabilityError("INTERNAL", "no");
        },
      },
    });
    await expect(broken.runtimeConfig()).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("the service", () => {
  it("answers the environment", async () => {
    expect(await service.environment()).toBe("production");
  });

  it("makes a context from the configuration if none is given", () => {
    expect(service.context.identity).toMatchObject({
      workerId: "orders-1",
      workerType: "general",
      environment: "production",
      namespaces: ["orders"],
    });
  });

  it("shows no secret when it is inspected or serialized", () => {
    const seen =
      inspect([service, createConfigOperations(service)], { showHidden: true, depth: null }) +
      JSON.stringify(service);
    expect(seen).not.toContain("hunter2");
  });
});

describe("the operations", () => {
  const operations = createConfigOperations(service);
  const call = {
    signal: new AbortController().signal,
    budgetMs: 1_000,
    mediaType: "application/json",
  };

  it("read, in detail, without params", () => {
    expect(
      Object.values(operations).map(({ name, group, access, exposure }) => [
        name,
        group,
        access,
        exposure,
      ]),
    ).toEqual([
      ["config_runtime", "config", "read", "detail"],
      ["config_environment", "config", "read", "detail"],
    ]);
  });

  it("answer as the service does", async () => {
    expect(await invoke(operations.config_runtime, {}, inProcess, call)).toMatchObject({
      environment: "production",
    });
    const { body } = await answer(operations.config_runtime, {}, inProcess, call);
    expect(body).not.toContain("hunter2");
    expect(JSON.parse(body)).toMatchObject({
      metadata: { redacted_fields: ["common.database.url"] },
    });
  });

  it("answer the environment as bare text", async () => {
    const text = { ...call, mediaType: "text/plain; charset=utf-8" };
    expect(await answer(operations.config_environment, {}, inProcess, text)).toMatchObject({
      body: "production",
      mediaType: "text/plain; charset=utf-8",
    });
  });
});
