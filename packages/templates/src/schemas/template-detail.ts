import * as z from "zod";
import { resolvedTemplateSchema } from "./complete-template.js";

/** What this worker knows about a template besides its text. */
export const handlerMetadataSchema = z.object({
  namespace: z.string().describe("Namespace of the template."),
  name: z.string().describe("Its name."),
  version: z.string().describe("Its version."),
  handler_class: z
    .string()
    .describe(
      "The first handler of the template that this worker has: its task handler, else that of a step; empty if it has none.",
    ),
  config_schema: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe(
      "JSON Schema of the task's input, `true` as {} and `false` as { not: {} }; null if the template has none.",
    ),
  default_dependent_system: z
    .string()
    .nullable()
    .describe("The primary system that the template depends on; null if it names none."),
  registered_at: z.iso.datetime().describe("When the template became known to its source."),
});

/** What this worker knows about a template besides its text. */
export type HandlerMetadata = z.infer<typeof handlerMetadataSchema>;

/** A template and the environment for which it was resolved. */
export const resolvedTaskTemplateSchema = z.object({
  template: resolvedTemplateSchema.describe(
    "The template: overrides applied, defaults filled in, secrets masked.",
  ),
  environment: z.string().describe("The environment whose overrides are applied."),
  resolved_at: z.iso.datetime().describe("When it was loaded and resolved."),
});

/** A template and the environment for which it was resolved. */
export type ResolvedTaskTemplate = z.infer<typeof resolvedTaskTemplateSchema>;

/** One template, as it applies in this worker's environment, without its secrets. */
export const templateDetailSchema = z.object({
  template: resolvedTaskTemplateSchema.describe("The template as this worker runs it."),
  handler_metadata: handlerMetadataSchema.describe("What this worker knows about it."),
  cached: z.boolean().describe("Whether this answer came from the cache."),
  cache_age_seconds: z
    .int()
    .min(0)
    .nullable()
    .describe("Seconds since it was loaded; null if it was loaded for this answer."),
  access_count: z
    .int()
    .min(1)
    .nullable()
    .describe(
      "How often the cached template was asked for; null if it was loaded for this answer.",
    ),
});

/** One template, as it applies in this worker's environment, without its secrets. */
export type TemplateDetail = z.infer<typeof templateDetailSchema>;
