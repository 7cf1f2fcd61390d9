import { createWorkerContext } from "@tasker-observability/core";
import { createHealthService, type HealthServiceOptions } from "@tasker-observability/health";
import { resolveConfig } from "@tasker-observability/config";
import { createMetricsService } from "@tasker-observability/metrics";
import { type TemplateSource } from "@tasker-observability/templates";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createObservability } from "./observability.js";
import type { ObservabilityOptions } from "./observability-options.js";
import type {
  ConfigMethods,
  FacadeBase,
  HealthMethods,
  MetricsMethods,
  ObservabilityMethods,
  TemplateMethods,
  WorkMethods,
} from "./observability-methods.js";
const source: TemplateSource = {
  find: async () => null,
  refetch: async () => null,
  list: async () => ({ total: 0, templates: [] }),
  namespaces: async () => [],
};

describe("the type of createObservability", () => {
  const context = createWorkerContext();
  const config = resolveConfig({}, { env: {} });

  it("has the methods of the services that the options give or make, and no others", () => {
    expectTypeOf(createObservability({ context })).toEqualTypeOf<
      FacadeBase & HealthMethods & MetricsMethods & WorkMethods
    >();
    expectTypeOf(createObservability({ config })).toEqualTypeOf<FacadeBase & ConfigMethods>();
    expectTypeOf(createObservability({ templates: { source } })).toEqualTypeOf<
      FacadeBase & TemplateMethods
    >();
    expectTypeOf(createObservability({ health: createHealthService(), config })).toEqualTypeOf<
      FacadeBase & HealthMethods & ConfigMethods
    >();
    expectTypeOf(createObservability({ metrics: createMetricsService({ context }) })).toEqualTypeOf<
      FacadeBase & MetricsMethods
    >();
  });

  it("promises nothing for an option that may be undefined", () => {
    const maybe = config as typeof config | undefined;
    const observability = createObservability({ health: {}, config: maybe });
    expectTypeOf(observability).toHaveProperty("healthBasic");
    expectTypeOf(observability).not.toHaveProperty("config");
  });

  it("rejects misspelled options, also those of a service that it makes", () => {
    const checks: HealthServiceOptions["checks"] = [];
    // @ts-expect-error no such option
    expect(() => createObservability({ context, databse: 1 })).toThrow("databse");
    // @ts-expect-error no such option of health
    expect(() => createObservability({ context, health: { checks, checkTimeoutMz: 5 } })).toThrow(
      "checkTimeoutMz",
    );
    // @ts-expect-error no such option of metrics
    expect(() => createObservability({ context, metrics: { cacheTtl: 5 } })).toThrow("cacheTtl");
    // @ts-expect-error no such option of templates
    expect(() => createObservability({ templates: { source, cacheTtl: 5 } })).toThrow("cacheTtl");
  });

  it("accepts options from a variable, and a service with more methods than it needs", () => {
    const options: ObservabilityOptions = { context };
    const health: HealthServiceOptions = { slowMs: 5 };
    const maybe = health as { readonly slowMs: number } | undefined;
    const service = Object.assign(createMetricsService({ context }), { more: 1 });
    expectTypeOf(createObservability(options)).toExtend<FacadeBase>();
    expectTypeOf(createObservability({ context, health: maybe })).toExtend<
      FacadeBase & HealthMethods
    >();
    expectTypeOf(createObservability({ context, metrics: service })).toExtend<
      FacadeBase & HealthMethods & MetricsMethods
    >();
  });

  it("is the whole facade if everything is given", () => {
    expectTypeOf(createObservability({ context, config, templates: { source } })).toExtend<
      ObservabilityMethods & FacadeBase
    >();
  });
});
