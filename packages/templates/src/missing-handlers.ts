import { stepCallables } from "./handler-metadata.js";
import type { Handlers } from "./handlers.js";
import { isUsable, resolveDefinition } from "./resolve/resolved-template.js";
import type { TemplateSource } from "./template-source.js";

/** Options of {@link findMissingHandlers}. */
export interface MissingHandlersOptions {
  readonly source: TemplateSource;
  /** Which callables the worker has. */
  readonly handlers: Handlers;
  /** Whose overrides apply. */
  readonly environment: string;
  /** Of these namespaces. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
}

/** A registry of more is looked at in part: the look is a help, and must not become a load. */
const mostTemplates = 1_000;

/**
 * The callables, sorted, that steps of usable templates name and the worker does not have. It looks at the first 1000
 * templates of each namespace, one after the other, past the cache.
 *
 * @throws what the source throws, and the signal's reason where it is aborted.
 */
export async function findMissingHandlers({ source, handlers, environment, namespaces, signal }: MissingHandlersOptions): Promise<readonly string[]> {
  const missing = new Set<string>();
  for (const namespace of namespaces) {
    const { templates } = await source.list({ namespace, limit: mostTemplates, offset: 0 }, signal);
    for (const { name, version } of templates) {
      signal.throwIfAborted();
      const template = await source.find({ namespace, name, version }, signal);
      const resolved = template === null ? null : resolveDefinition(template, environment);
      if (resolved === null || !isUsable(resolved)) continue;
      for (const callable of stepCallables(resolved.resolved)) if (!handlers.has(callable)) missing.add(callable);
    }
  }
  return [...missing].sort();
}
