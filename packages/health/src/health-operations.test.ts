import {
  answer,
  createWorkerContext,
  inProcess,
  invoke,
  type LifecycleState,
  type Operation,
} from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { createHealthOperations } from "./health-operations.js";
import { createHealthService } from "./health-service.js";

function setUp(lifecycle: LifecycleState = "running") {
  const context = createWorkerContext({ lifecycle });
  return { context, operations: createHealthOperations(createHealthService({ context })) };
}

describe("the health operations", () => {
  it("are reads without params, open to probes but for the detailed one", () => {
    const { operations } = setUp();
    const facts = Object.entries(operations).map(
      ([key, { name, group, access, exposure, mediaTypes }]) =>
        [key === name, name, group, access, exposure, ...mediaTypes].join(" "),
    );
    expect(facts).toEqual(
      expect.arrayContaining([
        "true health_basic health read probe application/json",
        "true health_live health read probe application/json",
        "true health_ready health read probe application/json",
        "true health_detailed health read detail application/json",
      ]),
    );
  });

  it("answer what the service answers", async () => {
    const { operations } = setUp();
    for (const operation of Object.values(operations)) {
      const result: unknown = await invoke(operation, undefined, inProcess);
      expect(operation.result.parse(result)).toEqual(result);
    }
    expect((await invoke(operations.health_ready, {}, inProcess)).checks.lifecycle?.status).toBe(
      "healthy",
    );
  });

  it("are ok while the worker is", async () => {
    for (const operation of Object.values(setUp().operations))
      expect((await answer(operation, undefined, inProcess)).verdict).toBe("ok");
  });

  it("are unavailable when the worker is not ready or dead; basic and detailed are always ok", async () => {
    const { context, operations } = setUp("draining");
    context.liveness.report("pool", "pool_dead");
    const answerOf = async (operation: Operation) => {
      const { verdict, body } = await answer(operation, undefined, inProcess);
      return { verdict, body: JSON.parse(body) as unknown };
    };
    expect(await answerOf(operations.health_basic)).toMatchObject({ verdict: "ok" });
    expect(await answerOf(operations.health_live)).toMatchObject({
      verdict: "unavailable",
      body: { status: "dead", reason: "pool_dead" },
    });
    expect(await answerOf(operations.health_ready)).toMatchObject({
      verdict: "unavailable",
      body: { status: "unhealthy", checks: { lifecycle: { message: "draining" } } },
    });
    expect(await answerOf(operations.health_detailed)).toMatchObject({ verdict: "ok" });
  });

  it("reject unknown params", async () => {
    await expect(
      invoke(setUp().operations.health_basic, { verbose: true }, inProcess),
    ).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });

  it("name the accepted params instead of wrong ones", async () => {
    await expect(
      invoke(setUp().operations.health_basic, ["verbose"], inProcess),
    ).rejects.toMatchObject({
      message:
        "health_basic rejected its params: params: Invalid input: expected object, received array",
    });
  });

  it("describe their results as JSON Schema", () => {
    for (const operation of Object.values(setUp().operations)) {
      const schema = z.toJSONSchema(operation.result);
      expect(schema).toMatchObject({ type: "object", additionalProperties: false });
      expect(Object.keys(schema.properties ?? {}).sort()).toEqual(
        [...(schema.required ?? [])].sort(),
      );
    }
  });
});
