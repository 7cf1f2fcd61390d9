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
  /** Where templates come from. */
  source: sourceOption,
  /** The worker it answers for: its environment's overrides apply, and its namespaces are served, all where it names none. @default one of its own, which runs */
  context: z.optional(contextOption),
  /** Which handlers the worker has. @default unknown: none is missed */
  handlers: z.optional(handlersOption),
  /** Templates that the cache keeps; the least recently used goes first. @default 1000 */
  cacheMaxEntries: z._default(wholeNumberOption(1, 1_000_000, { unit: "templates" }), 1_000),
  /** After how long a cached template is asked for again; a folder answers what it read at its start, a refresh or a watch. @default 300 */
  cacheTtlSeconds: z._default(numberOption(0.001, 31_536_000, { unit: "s" }), 300),
  /** How long a step may take that sets no time-out of its own, as answers and `resolveTemplate` say it. @default none */
  stepTimeoutSeconds: z.optional(numberOption(0.001, 31_536_000, { unit: "s" })),
  /** How long an answer waits for the source. @default 5000 */
  sourceTimeoutMs: z._default(delayMs(), 5_000),
});
/** Options of `createTemplateService`. */
export type TemplateServiceOptions = z.input<typeof templateServiceOptionsSchema>;
