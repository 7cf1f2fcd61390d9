import * as z from "zod";

const text = z.string();
const anyObject = z.record(z.string(), z.unknown());
/** `true` allows every value, `false` none. */
export const jsonSchema = z.union([anyObject, z.boolean()]);

/** When an event is published. */
export const publicationConditions = [
  "success",
  "failure",
  "retryable_failure",
  "permanent_failure",
  "always",
] as const;
/** How an event is delivered. */
export const deliveryModes = ["durable", "fast", "broadcast"] as const;
/** How the wait between attempts grows. */
export const backoffKinds = ["none", "linear", "exponential", "fibonacci"] as const;
/** What a step is; `deferred` in a file is read as `deferred_convergence`. */
export const stepTypes = [
  "standard",
  "decision",
  "deferred_convergence",
  "batchable",
  "batch_worker",
] as const;

/** An event that a step publishes, declared in full; the short form is its name alone. */
export const publishedEventSchema = z.looseObject({
  name: text.describe("Name of the event."),
  description: text.nullish().describe("What it says."),
  condition: z
    .enum(publicationConditions)
    .nullish()
    .describe("On which outcome of the step it is published."),
  schema: jsonSchema.nullish().describe("JSON Schema of its payload."),
  delivery_mode: z.enum(deliveryModes).nullish().describe("How it is delivered."),
  publisher: text.nullish().describe("Builds its payload, if not the default publisher."),
});

/** What runs a step. */
export const stepHandlerSchema = z.looseObject({
  callable: text.min(1).describe("Name under which workers register the handler."),
  method: text.nullish().describe("Method of the handler, if not its default one."),
  resolver: text.nullish().describe("How the callable is found."),
  initialization: anyObject.nullish().describe("The handler's configuration; may contain secrets."),
});

/** How a failing step is retried. */
export const stepRetrySchema = z.looseObject({
  retryable: z.boolean().nullish().describe("Whether a failed attempt is repeated."),
  max_attempts: z
    .number()
    .nullish()
    .describe("The total number of attempts. Also written `limit`."),
  backoff: z.enum(backoffKinds).nullish().describe("How the wait grows."),
  backoff_base_ms: z.number().nullish().describe("First wait, milliseconds."),
  max_backoff_ms: z.number().nullish().describe("Longest wait, milliseconds."),
});

/** One step of a template. */
export const taskStepSchema = z.looseObject({
  name: text.describe("Name of the step, unique in its template."),
  description: text.nullish().describe("What it does."),
  type: z.enum(stepTypes).nullish().describe("What kind of step it is. Also written `step_type`."),
  batch_config: anyObject.nullish().describe("How to split the work into batches."),
  handler: stepHandlerSchema.describe("What runs it."),
  system_dependency: text.nullish().describe("System that it calls."),
  dependencies: z
    .array(text)
    .nullish()
    .describe("Names of the steps that come before it. Also written `depends_on`."),
  retry: stepRetrySchema.nullish().describe("How it is retried."),
  timeout_seconds: z.number().nullish().describe("Seconds that one attempt may take."),
  publishes_events: z
    .array(z.union([text, publishedEventSchema]))
    .nullish()
    .describe("Events that it publishes."),
  result_schema: z.unknown().optional().describe("JSON Schema of what its handler returns."),
});

/** A task template with its environment's overrides applied. Other keys stay unchanged. */
export const taskTemplateSchema = z.looseObject({
  name: text.min(1).describe("Name of the template within its namespace."),
  namespace_name: text.min(1).describe("Its namespace."),
  version: text.min(1).describe("Its version, a semantic version."),
  description: text.nullish().describe("Its description."),
  metadata: anyObject.nullish().describe("Free-form notes of its authors."),
  system_dependencies: anyObject
    .nullish()
    .describe("Systems that it calls: primary and secondary."),
  domain_events: z.array(z.unknown()).nullish().describe("Events of the task as a whole."),
  input_schema: jsonSchema.nullish().describe("JSON Schema of the task's input."),
  steps: z.array(taskStepSchema).nullish().describe("Its steps."),
  environments: anyObject
    .nullish()
    .describe("Overrides by environment; those of the worker's environment are already applied."),
  lifecycle: anyObject.nullish().describe("Limits of the task's life."),
});

/** An event that a step publishes, declared in full; the short form is its name alone. */
export type PublishedEvent = z.infer<typeof publishedEventSchema>;
/** How a failing step is retried. */
export type StepRetry = z.infer<typeof stepRetrySchema>;
/** One step of a template. */
export type TaskStep = z.infer<typeof taskStepSchema>;
/** A task template with its environment's overrides applied. Other keys stay unchanged. */
export type TaskTemplate = z.infer<typeof taskTemplateSchema>;
