import type { WorkerContext } from "@tasker-observability/core";
import { type Handlers, handlersProblems } from "./handlers.js";
import {
  givenOptions,
  hasAll,
  longestTimerMs,
  nameProblems,
  numberProblems,
  refuseProblems,
} from "@tasker-observability/core/options";
import type { TemplateSource } from "./template-source.js";

/** Options of `createTemplateService`. */
export interface TemplateServiceOptions {
  /** The worker it answers for. @default one of its own, which runs and serves every namespace */
  readonly context?: WorkerContext | undefined;
  /** Where templates come from. */
  readonly source: TemplateSource;
  /** Which handlers the worker has. @default nobody knows: none is missed */
  readonly handlers?: Handlers | undefined;
  /** Templates that the cache holds. @default 1000 */
  readonly cacheMaxEntries?: number | undefined;
  /** Seconds after which a cached template is asked for again. @default 300 */
  readonly cacheTtlSeconds?: number | undefined;
  /** Milliseconds that an answer waits for the source. @default 5000 */
  readonly sourceTimeoutMs?: number | undefined;
}

const known: Readonly<Record<keyof TemplateServiceOptions, true>> = {
  source: true,
  context: true,
  handlers: true,
  cacheMaxEntries: true,
  cacheTtlSeconds: true,
  sourceTimeoutMs: true,
};
const ofContext: readonly (keyof WorkerContext)[] = ["clock", "identity", "lifecycle"];
const ofSource: readonly (keyof TemplateSource)[] = ["find", "refetch", "list", "namespaces"];

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const { source, context, handlers, cacheMaxEntries, cacheTtlSeconds, sourceTimeoutMs } =
    givenOptions(options);
  refuseProblems([
    ...nameProblems("createTemplateService", options, Object.keys(known)),
    ...(hasAll(source, ofSource, "function")
      ? []
      : [
          "source must be a source of templates: createYamlFolderSource and createPostgresSource make one.",
        ]),
    ...(context === undefined || hasAll(context, ofContext, "object")
      ? []
      : ["context must be what createWorkerContext() made."]),
    ...handlersProblems(handlers),
    ...numberProblems("cacheMaxEntries", cacheMaxEntries, { least: 1, most: 1_000_000 }),
    ...numberProblems("cacheTtlSeconds", cacheTtlSeconds, {
      least: 0.001,
      most: 31_536_000,
      whole: false,
    }),
    ...numberProblems("sourceTimeoutMs", sourceTimeoutMs, { least: 1, most: longestTimerMs }),
  ]);
}
