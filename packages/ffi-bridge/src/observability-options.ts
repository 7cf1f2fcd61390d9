import type { Operations } from "@tasker-observability/core";
import { contextOption, policyOption } from "@tasker-observability/core/options";
import {
  type ConfigQueries,
  createConfigService,
  type LoadedConfig,
} from "@tasker-observability/config";
import type { HealthQueries, HealthServiceOptions } from "@tasker-observability/health";
import type { MetricsQueries, MetricsServiceOptions } from "@tasker-observability/metrics";
import type { TemplateQueries, TemplateServiceOptions } from "@tasker-observability/templates";
import type { WorkQueries } from "@tasker-observability/work";
import * as z from "zod";
import { operationsOption } from "./option-types.js";
import { isLoaded, validateOwner } from "./other-worker.js";
import { isService, serviceOption } from "./service-shape.js";

export const healthMethods = ["basicHealth", "liveness", "readiness", "detailed"] as const;
export const metricsMethods = ["prometheusFormat", "collectMetrics", "domainEventStats"] as const;
export const templateMethods = [
  "listTemplates",
  "getTemplate",
  "validateTemplate",
  "cacheStats",
  "clearCache",
  "maintainCache",
  "refreshTemplate",
] as const;
const configMethods = ["runtimeConfig", "environment"] as const;

const workMethods = [
  "fleet",
  "queues",
  "runningSteps",
  "deadLetters",
  "redrive",
  "purge",
  "pause",
  "resume",
] as const;

const loadedConfigParts = {
  parts: ["environment", "settings", "redactor"],
  from: "loadConfig gives one",
};

const optionsShape = z.strictObject({
  /** The worker to answer for. Health and metrics read it. @default a new one, running, with the id of the configuration if there is one */
  context: z.optional(contextOption),
  /** Your own handle, as `createHealthService` takes it; it stays yours. @default the context's */
  database: z
    .custom<NonNullable<HealthServiceOptions["database"]>>()
    .meta({ type: "`pg` Pool, postgres.js `sql` or `Database`" })
    .optional(),
  /** Health as a service, or options for one. @default made if there is a context or a database */
  health: serviceOption<HealthQueries, Omit<HealthServiceOptions, "context" | "database">>(
    "health",
    healthMethods,
  ).optional(),
  /** Metrics as a service, or options for one. @default made if there is a context or a database */
  metrics: serviceOption<
    MetricsQueries,
    Omit<MetricsServiceOptions, "context" | "health" | "templateCache">
  >("metrics", metricsMethods).optional(),
  /** Templates as a service, or options for one, with the `source` of the templates. @default none */
  templates: serviceOption<TemplateQueries, Omit<TemplateServiceOptions, "context">>(
    "templates",
    templateMethods,
  ).optional(),
  /** A service, or the result of `loadConfig`. @default none */
  config: serviceOption<ConfigQueries, LoadedConfig>("config", configMethods, loadedConfigParts)
    .meta({ type: "a service, or a `LoadedConfig`" })
    .optional(),
  /** The worker's queues, running steps, dead letters and fleet, as a service. @default made if there is a context */
  work: serviceOption<WorkQueries, never>("work", workMethods)
    .meta({ type: "a service" })
    .optional(),
  /** Your own operations from `defineOperation`, by name: `call` runs them, and every transport carries them. @default none */
  operations: (operationsOption as z.ZodType<Operations, Operations>).optional(),
  /** What may be called. @default everything is allowed in process */
  policy: z.optional(policyOption),
});

export const observabilityOptionsSchema = optionsShape
  .refine(
    (options) =>
      Object.entries(options).some(([name, value]) => name !== "policy" && value !== undefined),
    {
      error:
        "createObservability needs something to report on: pass a context, a database or a service.",
    },
  )
  .refine(
    ({ database, health }) =>
      database === undefined || !isService<HealthQueries>(health, healthMethods),
    {
      error:
        "database is only for a health service that the facade creates: pass it to your own service instead.",
    },
  )
  .superRefine(({ context, config }, issues) => {
    const owner = isLoaded(config) ? createConfigService({ config }).owner : config?.owner;
    if (context !== undefined && owner !== undefined) validateOwner(context, owner, issues);
  });
/** Options of {@link createObservability}: services, their options, or both. */
export type ObservabilityOptions = z.input<typeof observabilityOptionsSchema>;
