import {
  contextOption,
  delayMs,
  numberOption,
  objectLike,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { handlersOption } from "./handlers.js";
import type { TemplateSource } from "./template-source.js";

/** Where templates come from. */
export const sourceOption = objectLike<TemplateSource>({
  name: "a TemplateSource",
  methods: ["find", "refetch", "list", "namespaces"],
  hint: "createYamlFolderSource() and createPostgresSource() make one.",
});

export const templateServiceOptionsSchema = z.strictObject({
  /** The source of the templates. */
  source: sourceOption,
  /** The worker to answer for: its environment's overrides apply, and its namespaces are served, or all if it names none. @default a new one, running */
  context: z.optional(contextOption),
  /** The worker's handlers. @default unknown: none counts as missing */
  handlers: z.optional(handlersOption),
  /** How many templates the cache keeps; it evicts the least recently used first. @default 1000 */
  cacheMaxEntries: z._default(wholeNumberOption(1, 1_000_000, { unit: "templates" }), 1_000),
  /** How long the cache serves a template before it asks the source again. A folder answers with what it read at the start, on a refresh or by watching. @default 300 */
  cacheTtlSeconds: z._default(numberOption(0.001, 31_536_000, { unit: "s" }), 300),
  /** The time-out of steps that set none, as shown by answers and `resolveTemplate`. @default none */
  stepTimeoutSeconds: z.optional(numberOption(0.001, 31_536_000, { unit: "s" })),
  /** How long an answer waits for the source. @default 5000 */
  sourceTimeoutMs: z._default(delayMs(), 5_000),
});
/** Options of `createTemplateService`. */
export type TemplateServiceOptions = z.input<typeof templateServiceOptionsSchema>;
