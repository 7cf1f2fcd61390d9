import * as z from "zod";
import { createRedactor } from "@tasker-observability/redact";
import { parseOptions, textOption, valueOption } from "@tasker-observability/core/options";
import { stepCallables } from "./handler-metadata.js";
import { handlersOption } from "./handlers.js";
import { isUsable, resolveDefinition } from "./resolve/resolved-template.js";
import type { JsonObject } from "./json.js";
import type { TemplateIdentity } from "./template-identity.js";
import { sourceOption } from "./template-service-options.js";
import type { TemplateDefinition, TemplateSource } from "./template-source.js";

const name = textOption("a string", () => true);

const missingHandlersOptionsSchema = z.strictObject({
  /** The source of the templates. */
  source: sourceOption,
  /** The worker's handlers. */
  handlers: handlersOption,
  /** Whose overrides apply. */
  environment: name,
  /** The namespaces to search. */
  namespaces: z.array(name).readonly(),
  /** Only these templates. @default all */
  only: z.optional(
    valueOption<readonly TemplateIdentity[]>(
      "an array of identities, each of a namespace, a name and a version",
      (only) => Array.isArray(only) && only.every((identity) => isObject(identity)),
      "`TemplateIdentity[]`",
    ),
  ),
  /** Ends the search. */
  signal: valueOption<AbortSignal>(
    "an AbortSignal",
    (signal) => signal instanceof AbortSignal,
    "`AbortSignal`",
  ),
});
/** Options of {@link findMissingHandlers}. */
export type MissingHandlersOptions = z.input<typeof missingHandlersOptionsSchema>;

/** Only a part of a larger registry is read: the search is a convenience and must not become a burden. */
const mostTemplates = 1_000;

/** How many templates are read at once, if the source supports it. */
const portion = 100;

const redactor = createRedactor();

/**
 * The callables, sorted, that steps of usable templates name and the worker does not have, safe to log: with the
 * secrets of their template masked. It reads the first 1000 templates of each namespace, past the cache.
 *
 * @throws ObservabilityError INVALID_PARAMS that names every wrong option, what the source throws, and the signal's
 * reason if it is aborted.
 */
export async function findMissingHandlers(
  options: MissingHandlersOptions,
): Promise<readonly string[]> {
  const { source, handlers, environment, namespaces, only, signal } = parseOptions(
    "findMissingHandlers",
    missingHandlersOptionsSchema,
    options,
  );
  const missing = new Set<string>();
  for (const namespace of namespaces) {
    const templates =
      only === undefined
        ? templatesOf(source, namespace, signal)
        : each(
            source,
            only.filter((identity) => identity.namespace === namespace).slice(0, mostTemplates),
            signal,
          );
    for await (const template of templates) {
      const resolved = resolveDefinition(template, environment);
      if (!isUsable(resolved)) continue;
      const callables = stepCallables(resolved.resolved).filter(
        (callable) => !handlers.has(callable),
      );
      for (const callable of withoutSecrets(callables, template, resolved.resolved))
        missing.add(callable);
    }
  }
  return [...missing].sort();
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** Redacted together with the template as written and as resolved, so that no callable repeats a secret of either. */
function withoutSecrets(
  callables: readonly string[],
  { definition, dropped }: TemplateDefinition,
  resolved: JsonObject,
): readonly string[] {
  if (callables.length === 0) return callables;
  return (
    redactor.redact({ definition, dropped: dropped ?? [], resolved, callables }).value as {
      readonly callables: readonly string[];
    }
  ).callables;
}

async function* templatesOf(
  source: TemplateSource,
  namespace: string,
  signal: AbortSignal,
): AsyncGenerator<TemplateDefinition> {
  if (source.findAll === undefined) {
    const { templates } = await source.list({ namespace, limit: mostTemplates, offset: 0 }, signal);
    yield* each(source, templates, signal);
    return;
  }
  for (let offset = 0; offset < mostTemplates; offset += portion) {
    signal.throwIfAborted();
    const templates = await source.findAll({ namespace, limit: portion, offset }, signal);
    yield* templates;
    if (templates.length < portion) return;
  }
}

async function* each(
  source: TemplateSource,
  identities: readonly TemplateIdentity[],
  signal: AbortSignal,
): AsyncGenerator<TemplateDefinition> {
  for (const { namespace, name, version } of identities) {
    signal.throwIfAborted();
    const template = await source.find({ namespace, name, version }, signal);
    if (template !== null) yield template;
  }
}
