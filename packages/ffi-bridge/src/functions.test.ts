import { createAccessPolicy, ObservabilityError, operationNames } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createBridgeFunctions } from "./functions.js";
import { sampleCall } from "./testing/contract-calls.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

/** What a JavaScript caller can do, whom no types stop. */
type UntypedFunctions = Readonly<Record<string, (params?: unknown) => Promise<string>>>;

describe("createBridgeFunctions", () => {
  it("makes a function for every operation, sixteen at least, whatever the worker has", () => {
    expect(Object.keys(createBridgeFunctions({}))).toEqual(operationNames);
    expect(operationNames.length).toBeGreaterThanOrEqual(16);
  });

  it.each(operationNames)(
    "%s resolves to text, and its answer fits the operation's schema",
    async (name) => {
      const { observability } = createSampleWorker();
      const functions = createBridgeFunctions(observability.operations) as UntypedFunctions;
      const text = await functions[name]!(sampleCall(name).params ?? {});
      const bare = name === "metrics_prometheus" || name === "config_environment";
      expect(
        z.safeParse(observability.operations[name]!.result, bare ? text : JSON.parse(text)).error,
      ).toBeUndefined();
    },
  );

  it("answers bare text where the operation's result is text", async () => {
    const functions = createBridgeFunctions(createSampleWorker().observability.operations);
    expect(await functions.config_environment()).toBe("test");
    expect(await functions.metrics_prometheus()).toMatch(/^# HELP /);
  });

  it.each(operationNames)(
    "%s rejects with SERVICE_NOT_INSTALLED if its service was not given",
    async (name) => {
      const refusal = await (createBridgeFunctions({}) as UntypedFunctions)[name]!({}).catch(
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({
        code: "SERVICE_NOT_INSTALLED",
        message: expect.stringMatching(/^Web state not available: /),
      });
    },
  );

  it("ignores operations on a prototype", async () => {
    const inherited = Object.create({ ...createSampleWorker().observability.operations }) as Record<
      string,
      never
    >;
    await expect(createBridgeFunctions(inherited).health_basic()).rejects.toMatchObject({
      code: "SERVICE_NOT_INSTALLED",
    });
  });

  const explosive = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("boom");
      },
      get: () => {
        throw new Error("boom");
      },
    },
  );
  it.each([
    ["null", null],
    ["nothing", undefined],
    ["a text", "payments"],
    ["a list", ["payments"]],
    ["a bigint", 1n],
    ["a function", () => charge],
    ["a symbol", Symbol("x")],
    ["a missing field", { namespace: "payments", name: "charge" }],
    ["a field too many", { ...charge, more: 1 }],
    ["a field of the wrong type", { ...charge, version: 1 }],
    ["ten megabytes of name", { ...charge, name: "x".repeat(10_000_000) }],
    [
      "an own __proto__",
      JSON.parse('{"__proto__":{"namespace":"payments"},"name":"charge","version":"1.0.0"}'),
    ],
  ])("rejects %s for params with INVALID_PARAMS and a short message", async (_what, params) => {
    const functions = createBridgeFunctions(
      createSampleWorker().observability.operations,
    ) as UntypedFunctions;
    const error = await functions.template_get!(params).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INVALID_PARAMS" });
    expect((error as Error).message.length).toBeLessThan(500);
  });

  it("never throws synchronously, not even for params whose getters throw", async () => {
    const functions = createBridgeFunctions(
      createSampleWorker().observability.operations,
    ) as UntypedFunctions;
    const pending = functions.template_get!(explosive);
    expect(ObservabilityError.isInstance(await pending.catch((error: unknown) => error))).toBe(
      true,
    );
  });

  it.each(["created", "stopped"] as const)(
    "rejects with WORKER_NOT_RUNNING while the worker is %s",
    async (lifecycle) => {
      const functions = createBridgeFunctions(
        createSampleWorker({ lifecycle }).observability.operations,
      );
      await expect(functions.health_basic()).rejects.toMatchObject({
        code: "WORKER_NOT_RUNNING",
        message: "Worker system not running",
      });
    },
  );

  it.each(["starting", "draining"] as const)(
    "answers while the worker is %s",
    async (lifecycle) => {
      const functions = createBridgeFunctions(
        createSampleWorker({ lifecycle }).observability.operations,
      );
      expect(JSON.parse(await functions.health_basic())).toMatchObject({ status: "healthy" });
    },
  );

  it("has the writes in process, unless a policy of the application says otherwise", async () => {
    const { operations } = createSampleWorker().observability;
    expect(
      JSON.parse(await createBridgeFunctions(operations).templates_cache_clear()),
    ).toMatchObject({ success: true });
    const policy = { ...createAccessPolicy(), refusal: () => "FORBIDDEN" as const };
    await expect(
      createBridgeFunctions(operations, { policy }).templates_cache_clear(),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
