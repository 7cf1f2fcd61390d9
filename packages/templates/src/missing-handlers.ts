import { createRedactor } from "@tasker-observability/redact";
import {
  givenOptions,
  nameProblems,
  refuseProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
import { stepCallables } from "./handler-metadata.js";
import { type Handlers, handlersProblems } from "./handlers.js";
import { isUsable, resolveDefinition } from "./resolve/resolved-template.js";
import type { JsonObject } from "./json.js";
import type { TemplateIdentity } from "./template-identity.js";
import type { TemplateDefinition, TemplateSource } from "./template-source.js";

/** Options of {@link findMissingHandlers}. */
export interface MissingHandlersOptions {
  readonly source: TemplateSource;
  /** Which callables the worker has. */
  readonly handlers: Handlers;
  /** Whose overrides apply. */
  readonly environment: string;
  /** Of these namespaces. */
  readonly namespaces: readonly string[];
  /** Of these templates alone. @default all */
  readonly only?: readonly TemplateIdentity[] | undefined;
  readonly signal: AbortSignal;
}

/** A registry of more is looked at in part: the look is a help, and must not become a load. */
const mostTemplates = 1_000;

/** So many are read at once, where the source can. */
const portion = 100;

const redactor = createRedactor();

/**
 * The callables, sorted, that steps of usable templates name and the worker does not have: to be told of, so with every
 * secret of their template cut out. It looks at the first 1000 templates of each namespace, past the cache.
 *
 * @throws ObservabilityError INVALID_PARAMS that names every wrong option, what the source throws, and the signal's reason where it is aborted.
 */
export async function findMissingHandlers(
  options: MissingHandlersOptions,
): Promise<readonly string[]> {
  refuseWrongOptions(options);
  const { source, handlers, environment, namespaces, only, signal } = options;
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

const known: Readonly<Record<keyof MissingHandlersOptions, true>> = {
  source: true,
  handlers: true,
  environment: true,
  namespaces: true,
  only: true,
  signal: true,
};

function refuseWrongOptions(options: unknown): void {
  const {
    source = null,
    handlers = null,
    environment,
    namespaces,
    only,
    signal,
  } = givenOptions(options);
  refuseProblems([
    ...nameProblems("findMissingHandlers", options, Object.keys(known)),
    ...shapeProblems(
      source,
      ["find", "refetch", "list", "namespaces"],
      "source must be a source of templates: createYamlFolderSource(...) or createPostgresSource(...).",
    ),
    ...handlersProblems(handlers),
    ...(typeof environment === "string" ? [] : ["environment must be the name of one."]),
    ...(Array.isArray(namespaces) && namespaces.every((name) => typeof name === "string")
      ? []
      : ["namespaces must be a list of names."]),
    ...(only === undefined ||
    (Array.isArray(only) &&
      only.every((identity) => typeof identity === "object" && identity !== null))
      ? []
      : ["only must be a list of identities, each of a namespace, a name and a version."]),
    ...(signal instanceof AbortSignal ? [] : ["signal must be an AbortSignal."]),
  ]);
}

/** Beside the template as written and as resolved: a secret of either that a callable repeats is known for one. */
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
