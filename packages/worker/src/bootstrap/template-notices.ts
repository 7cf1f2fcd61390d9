import type { WorkerContext } from "@tasker-observability/core";
import { cutText } from "@tasker-observability/redact";
import {
  findMissingHandlers,
  type Handlers,
  isNamespace,
  type TemplateIdentity,
  type TemplateSource,
} from "@tasker-observability/templates";

/** Tells an operator, in the log, what of the templates this worker will not run. */
export interface TemplateNotices {
  /** One line where steps name handlers that are not registered; one more where templates that come later name others. Never rejects. */
  look(signal: AbortSignal): Promise<void>;
  /** Ends the telling of what comes later. */
  close(): void;
}

export interface TemplateNoticesOptions {
  readonly source: TemplateSource;
  readonly handlers: Handlers;
  readonly context: WorkerContext;
  /** Whether the worker serves what the templates name, rather than what it was told: then a new namespace was meant for it. */
  readonly followsTemplates: boolean;
}

/** So many names in one line. */
const mostNames = 5;
const longestName = 200;

export function createTemplateNotices(options: TemplateNoticesOptions): TemplateNotices {
  const { source, context, followsTemplates } = options;
  const closing = new AbortController();
  const tellOfMissing = createMissingHandlersNotice(options);
  const closers = [
    followsTemplates ? tellOfNewNamespaces(source, context) : undefined,
    source.onChange?.((changed) => void tellOfMissing(closing.signal, changed)),
  ];
  return {
    look: (signal) => tellOfMissing(signal),
    close() {
      closing.abort();
      for (const close of closers) close?.();
    },
  };
}

/** Each handler is told of once: at the start, or when a template comes that names it. */
function createMissingHandlersNotice({
  source,
  handlers,
  context: { identity, logger },
}: TemplateNoticesOptions): (
  signal: AbortSignal,
  only?: readonly TemplateIdentity[],
) => Promise<void> {
  const told = new Set<string>();
  return async (signal, only) => {
    const { environment, namespaces } = identity;
    // A source that cannot be read says so to the first who needs it.
    const missing = await findMissingHandlers({
      source,
      handlers,
      environment,
      namespaces,
      only,
      signal,
    }).catch(() => []);
    const untold = missing.filter((callable) => !told.has(callable));
    for (const callable of untold) told.add(callable);
    if (untold.length > 0)
      logger(
        "warn",
        "templates name handlers that are not registered: their steps will fail until the worker is given them",
        { count: untold.length, handlers: firstOf(untold) },
      );
  };
}

function tellOfNewNamespaces(
  source: TemplateSource,
  { identity, logger }: WorkerContext,
): (() => void) | undefined {
  const known = new Set(identity.namespaces);
  return source.onChange?.((changed) => {
    const added = [...new Set(changed.map(({ namespace }) => namespace))].filter(
      (namespace) => isNamespace(namespace) && !known.has(namespace),
    );
    for (const namespace of added) known.add(namespace);
    if (added.length > 0)
      logger(
        "warn",
        "templates of a new namespace are listed and not served: restart the worker to have it serve them",
        { count: added.length, namespaces: firstOf(added) },
      );
  });
}

function firstOf(names: readonly string[]): readonly string[] {
  return names.slice(0, mostNames).map((name) => cutText(name, longestName));
}
