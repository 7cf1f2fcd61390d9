import * as z from "zod";
import { cacheStatsSchema } from "./cache-stats.js";

/** One line of the list of templates. */
export const templateSummarySchema = z.object({
  namespace: z.string().describe("Namespace of the template."),
  name: z.string().describe("Its name."),
  version: z.string().describe("Its version."),
  description: z.string().nullable().describe("Its description; null if it has none."),
  step_count: z.int().min(0).describe("How many steps it has."),
});

/** One line of the list of templates. */
export type TemplateSummary = z.infer<typeof templateSummarySchema>;

/** The templates that are registered. */
export const templateListSchema = z.object({
  supported_namespaces: z.array(z.string()).describe("Namespaces that this worker serves."),
  template_count: z
    .int()
    .min(0)
    .describe("How many registered templates match the filter, on all pages."),
  templates: z
    .array(templateSummarySchema)
    .describe("One page of them, by namespace, name, version."),
  next_offset: z.int().min(0).nullable().describe("Where the next page begins; null on the last."),
  cache_stats: cacheStatsSchema.nullable().describe("The cache's statistics, if requested."),
  worker_capabilities: z.array(z.string()).describe("Capabilities of this worker."),
});

/** One page of the registered templates. */
export type TemplateList = z.infer<typeof templateListSchema>;

/** Parameters of the list. */
export const templateListParamsSchema = z.strictObject({
  include_cache_stats: z
    .boolean()
    .default(false)
    .describe("Whether the answer contains the cache's statistics."),
  namespace: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Returns only templates of this namespace."),
  limit: z.int().min(1).optional().describe("The most templates in a page."),
  offset: z.int().min(0).default(0).describe("How many templates to skip."),
});

/** Which templates to list. */
export type TemplateListParams = z.input<typeof templateListParamsSchema>;
