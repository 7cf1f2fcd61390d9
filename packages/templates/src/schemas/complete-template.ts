import * as z from "zod";
import {
  backoffKinds,
  deliveryModes,
  jsonSchema,
  publicationConditions,
  publishedEventSchema,
  stepHandlerSchema,
  stepRetrySchema,
  stepTypes,
  taskStepSchema,
  taskTemplateSchema,
} from "./task-template.js";

const text = z.string();
const anyObject = z.record(z.string(), z.unknown());

/** An event that a step publishes, with its defaults. */
export const resolvedEventSchema = publishedEventSchema.extend({
  description: text.describe("Its description; empty if the template has none."),
  condition: z
    .enum(publicationConditions)
    .describe("On which outcome of the step it is published; success by default."),
  schema: jsonSchema
    .nullable()
    .describe("JSON Schema of its payload; null if any payload is valid."),
  delivery_mode: z.enum(deliveryModes).describe("How it is delivered; durable by default."),
  publisher: text.nullable().describe("Builds its payload; null for the default publisher."),
});

const completeHandlerSchema = stepHandlerSchema.extend({
  method: text.nullable().describe("Method of the handler; null for its default one."),
  resolver: text
    .nullable()
    .describe("How the callable is found; null if the template does not set it."),
  initialization: anyObject.describe("The handler's configuration; may contain secrets."),
});

/** How a failing step is retried, with its defaults. */
export const resolvedRetrySchema = stepRetrySchema.extend({
  retryable: z.boolean().describe("Whether a failed attempt is repeated."),
  max_attempts: z.number().describe("The total number of attempts; 0 counts as 1."),
  backoff: z.enum(backoffKinds).describe("How the wait grows."),
  backoff_base_ms: z.number().describe("First wait, milliseconds."),
  max_backoff_ms: z.number().describe("Longest wait, milliseconds."),
});

/** A step with its defaults. */
export const resolvedStepSchema = taskStepSchema.extend({
  description: text.nullable().describe("Its description; null if the template has none."),
  type: z.enum(stepTypes).describe("What kind of step it is."),
  batch_config: anyObject
    .nullable()
    .describe("How to split the work into batches; null for other steps."),
  handler: completeHandlerSchema.describe("What runs it."),
  system_dependency: text.nullable().describe("System that it calls; null if it names none."),
  dependencies: z.array(text).describe("Names of the steps that come before it."),
  retry: resolvedRetrySchema.describe("How it is retried."),
  timeout_seconds: z
    .number()
    .nullable()
    .describe(
      "Seconds that one attempt may take: the step's limit, else the worker's; null without either.",
    ),
  publishes_events: z.array(resolvedEventSchema).describe("Events that it publishes."),
});

/** A template as it applies in the worker's environment: overrides applied, defaults filled in, each key under one name. */
export const resolvedTemplateSchema = taskTemplateSchema.extend({
  description: text.nullable().describe("Its description; null if it has none."),
  metadata: anyObject.nullable().describe("Free-form notes of its authors."),
  system_dependencies: anyObject.describe("Systems that it calls: primary and secondary."),
  domain_events: z.array(z.unknown()).describe("Events of the task as a whole."),
  input_schema: jsonSchema.nullable().describe("JSON Schema of the task's input; null for any."),
  steps: z.array(resolvedStepSchema).describe("Its steps."),
  environments: anyObject.describe(
    "Overrides by environment; those of the worker's environment are already applied.",
  ),
  lifecycle: anyObject.nullable().describe("Limits of the task's life."),
});

/** An event that a step publishes, with its defaults. */
export type ResolvedEvent = z.infer<typeof resolvedEventSchema>;
/** How a failing step is retried, with its defaults. */
export type ResolvedRetry = z.infer<typeof resolvedRetrySchema>;
/** A step with its defaults. */
export type ResolvedStep = z.infer<typeof resolvedStepSchema>;
/** A template as it applies in the worker's environment: overrides applied, defaults filled in. */
export type ResolvedTemplate = z.infer<typeof resolvedTemplateSchema>;
