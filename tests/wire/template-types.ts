import * as z from "zod";
import { taskerTemplateSchema } from "../../packages/templates/src/schemas/tasker-types.js";
import { dateTime, json, objectOfAny, option, text, u32, u64 } from "./rust-types.js";

const handler = z.object({ callable: text, initialization: objectOfAny.optional() });
const batch = z.object({
  batch_size: u32,
  parallelism: u32,
  cursor_field: text,
  // TAS-77 required it, of its own templates too.
  checkpoint_interval: u32.optional(),
  worker_template: text,
  failure_strategy: z.enum(["continue_on_failure", "fail_fast", "isolate"]),
});
const override = z.object({ initialization: option(objectOfAny) });
/** What the rules for templates say by warnings, and what a client refuses besides: a key and its alias are a duplicate field. */
const taskTemplate = taskerTemplateSchema.and(
  z.object({
    metadata: option(z.object({ created_at: option(dateTime), updated_at: option(dateTime) })),
    task_handler: option(handler),
    steps: z
      .array(
        z.object({
          step_type: z.never().optional(),
          depends_on: z.never().optional(),
          batch_config: option(batch),
        }),
      )
      .optional(),
    environments: z.record(text, z.object({ task_handler: option(override) })).optional(),
  }),
);
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
