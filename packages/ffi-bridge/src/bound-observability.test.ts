import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleForNode } from "@tasker-observability/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { bindObservability, Observability } from "./bound-observability.js";
import type { ObservabilityMethods } from "./observability-methods.js";
import { createSampleWorker } from "./testing/sample-worker.js";

describe("Observability", () => {
  let unbind: () => void = () => undefined;
  afterEach(() => unbind());

  it("says that no worker runs before one is bound", async () => {
    await expect(Observability.healthBasic()).rejects.toMatchObject({
      code: "WORKER_NOT_RUNNING",
      message: "Worker system not running",
    });
    expect([await Observability.ready(), await Observability.alive()]).toEqual([false, false]);
  });

  it("calls the worker that was bound last", async () => {
    bindObservability(createSampleWorker().observability);
    const second = createSampleWorker();
    second.database = "unhealthy";
    unbind = bindObservability(second.observability);
    expect([await Observability.ready(), await Observability.alive()]).toEqual([false, true]);
    expect(
      await Observability.templateGet({ namespace: "payments", name: "charge", version: "1.0.0" }),
    ).toMatchObject({ template: { template: { name: "charge" } } });
  });

  it("is not unbound by a worker that was replaced", async () => {
    const unbindFirst = bindObservability(createSampleWorker().observability);
    unbind = bindObservability(createSampleWorker().observability);
    unbindFirst();
    expect(await Observability.ready()).toBe(true);
    unbind();
    expect(await Observability.ready()).toBe(false);
  });

  it("is not unbound by the first binding of a facade that was bound twice", async () => {
    const { observability } = createSampleWorker();
    const unbindFirst = bindObservability(observability);
    unbind = bindObservability(observability);
    unbindFirst();
    expect(await Observability.ready()).toBe(true);
  });

  it.each<[string, unknown]>([
    ["an empty object", {}],
    ["null", null],
    ["half a facade", { ready: async () => true }],
    [
      "one that cannot be read",
      {
        get ready() {
          throw new Error("postgres://u:p@h/db");
        },
      },
    ],
  ])("is bound to no %s", async (_what, value) => {
    unbind = bindObservability(createSampleWorker().observability);
    expect(() => bindObservability(value as never)).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS" }),
    );
    expect(await Observability.ready()).toBe(true);
  });

  it("is not bound to itself, nor to that of another copy of the package", async () => {
    unbind = bindObservability(createSampleWorker().observability);
    const file = fileURLToPath(new URL("./bound-observability.ts", import.meta.url));
    const bundle = await bundleForNode(
      `export * from ${JSON.stringify(file)};`,
      fileURLToPath(new URL("..", import.meta.url)),
    );
    const copy = (await import(/* @vite-ignore */ pathToFileURL(bundle.file).href)) as {
      readonly Observability: ObservabilityMethods;
    };
    await bundle.remove();
    expect(copy.Observability).not.toBe(Observability);
    for (const itself of [Observability, copy.Observability]) {
      expect(() => bindObservability(itself)).toThrow(
        expect.objectContaining({
          code: "INVALID_PARAMS",
          message: expect.stringContaining("not Observability itself"),
        }),
      );
    }
    expect(await Observability.ready()).toBe(true);
  });

  it("is neither ready nor alive, and rejects with an ObservabilityError, if the bound facade throws", async () => {
    const fail = () => {
      throw new Error("postgres://u:p@h/db");
    };
    unbind = bindObservability({ ready: fail, alive: async () => fail(), config: fail } as never);
    expect([await Observability.ready(), await Observability.alive()]).toEqual([false, false]);
    const error = await Observability.config().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "ObservabilityError", code: "INTERNAL" });
    expect(String(error)).not.toContain("postgres:");
  });

  it("names a method that the bound facade lacks", async () => {
    unbind = bindObservability({ ready: async () => true, alive: async () => true });
    await expect(Observability.config()).rejects.toMatchObject({ code: "SERVICE_NOT_INSTALLED" });
  });
});
