import * as z from "zod";
import { backoffKinds, deliveryModes, publicationConditions, stepTypes } from "./task-template.js";
import { isTaskerDate } from "./tasker-date.js";

// What Tasker's own types accept (its `TaskTemplate` in Rust): a key that may be missing may not always be null.
const text = z.string();
const u32 = z.int().min(0).max(4_294_967_295);
const u64 = z.int().min(0);
const i32 = z.int().min(-2_147_483_648).max(2_147_483_647);
const flag = z.boolean();
const json = z.record(z.string(), z.unknown());
const instant = z.string().refine(isTaskerDate);

const retry = z.looseObject({
  retryable: flag.optional(),
  max_attempts: u32.optional(),
  backoff: z.enum(backoffKinds).optional(),
  backoff_base_ms: u64.nullish(),
  max_backoff_ms: u64.nullish(),
});

const publishedEvent = z.looseObject({
  name: text,
  description: text,
  condition: z.enum(publicationConditions).optional(),
  schema: z.union([json, z.array(z.unknown()), text, z.number(), flag, z.null()]),
  delivery_mode: z.enum(deliveryModes).optional(),
  publisher: text.nullish(),
});

const step = z.looseObject({
  name: text,
  description: text.nullish(),
  handler: z.looseObject({
    callable: text,
    method: text.nullish(),
    resolver: text.nullish(),
    initialization: json.optional(),
  }),
  type: z.enum(stepTypes).optional(),
  step_type: z.enum(stepTypes).optional(),
  system_dependency: text.nullish(),
  dependencies: z.array(text).optional(),
  depends_on: z.array(text).optional(),
  retry: retry.optional(),
  timeout_seconds: u32.nullish(),
  publishes_events: z.array(publishedEvent).optional(),
  batch_config: json.nullish(),
});

const stepOverride = z.looseObject({
  name: text,
  handler: z.looseObject({ initialization: json.nullish() }).nullish(),
  timeout_seconds: u32.nullish(),
  retry: retry.nullish(),
});

/** A template that Tasker's worker and orchestrator load. */
export const taskerTemplateSchema = z.looseObject({
  name: text,
  namespace_name: text,
  version: text,
  description: text.nullish(),
  metadata: z
    .looseObject({
      author: text.nullish(),
      tags: z.array(text).optional(),
      documentation_url: text.nullish(),
      created_at: instant.nullish(),
      updated_at: instant.nullish(),
    })
    .nullish(),
  system_dependencies: z
    .looseObject({ primary: text.optional(), secondary: z.array(text).optional() })
    .optional(),
  domain_events: z.array(z.looseObject({ name: text, description: text.nullish() })).optional(),
  steps: z.array(step).optional(),
  environments: z
    .record(z.string(), z.looseObject({ steps: z.array(stepOverride).optional() }))
    .optional(),
  lifecycle: z
    .looseObject({
      max_duration_minutes: i32.nullish(),
      max_waiting_for_dependencies_minutes: i32.nullish(),
      max_waiting_for_retry_minutes: i32.nullish(),
      max_steps_in_process_minutes: i32.nullish(),
      staleness_action: text.optional(),
      auto_fail_on_timeout: flag.nullish(),
      auto_dlq_on_timeout: flag.nullish(),
    })
    .nullish(),
});
