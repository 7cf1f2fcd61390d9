import * as z from "zod";
import { dateTime, json, objectOfAny, option, text, texts, u32, u64 } from "./rust-types.js";

const handler = z.object({ callable: text, initialization: objectOfAny.optional() });
const retry = z.object({
  retryable: z.boolean().optional(),
  max_attempts: u32.optional(),
  backoff: z.enum(["none", "linear", "exponential", "fibonacci"]).optional(),
  backoff_base_ms: option(u64),
  max_backoff_ms: option(u64),
});
const event = z.object({
  name: text,
  description: text,
  condition: z
    .enum(["success", "failure", "retryable_failure", "permanent_failure", "always"])
    .optional(),
  schema: json,
  delivery_mode: z.enum(["durable", "fast", "broadcast"]).optional(),
  publisher: option(text),
});
const batch = z.object({
  batch_size: u32,
  parallelism: u32,
  cursor_field: text,
  // TAS-77 required it, of its own templates too.
  checkpoint_interval: u32.optional(),
  worker_template: text,
  failure_strategy: z.enum(["continue_on_failure", "fail_fast", "isolate"]),
});
const stepTypes = ["standard", "decision", "deferred_convergence", "batchable", "batch_worker"];
/** A key and its alias at once are a duplicate field. */
const step = z.object({
  name: text,
  description: option(text),
  handler,
  type: z.enum(stepTypes).optional(),
  step_type: z.never().optional(),
  depends_on: z.never().optional(),
  system_dependency: option(text),
  dependencies: texts.optional(),
  retry: retry.optional(),
  timeout_seconds: option(u32),
  publishes_events: z.array(event).optional(),
  batch_config: option(batch),
});
const override = z.object({ initialization: option(objectOfAny) });
const taskTemplate = z.object({
  name: text,
  namespace_name: text,
  version: text,
  description: option(text),
  metadata: option(
    z.object({
      author: option(text),
      tags: texts.optional(),
      documentation_url: option(text),
      created_at: option(dateTime),
      updated_at: option(dateTime),
    }),
  ),
  task_handler: option(handler),
  system_dependencies: z
    .object({ primary: text.optional(), secondary: texts.optional() })
    .optional(),
  domain_events: z
    .array(z.object({ name: text, description: option(text), schema: option(json) }))
    .optional(),
  input_schema: option(json),
  steps: z.array(step).optional(),
  environments: z
    .record(
      text,
      z.object({
        task_handler: option(override),
        steps: z
          .array(
            z.object({
              name: text,
              handler: option(override),
              timeout_seconds: option(u32),
              retry: option(retry),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  lifecycle: option(z.object({ staleness_action: text.optional() })),
});
export const templateDetail = z.object({
  template: z.object({ template: taskTemplate, environment: text, resolved_at: dateTime }),
  handler_metadata: z.object({
    namespace: text,
    name: text,
    version: text,
    handler_class: text,
    config_schema: option(json),
    default_dependent_system: option(text),
    registered_at: dateTime,
  }),
  cached: z.boolean(),
  cache_age_seconds: option(u64),
  access_count: option(u64),
});
