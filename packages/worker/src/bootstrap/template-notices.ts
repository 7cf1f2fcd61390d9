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
  check(signal: AbortSignal): Promise<void>;
  /** Ends the telling of what comes later. */
  close(): void;
}

export interface TemplateNoticesOptions {
  readonly source: TemplateSource;
  readonly handlers: Handlers;
  readonly context: WorkerContext;
  /** Whether the worker serves what the templates name, rather than what it was reported: then a new namespace was meant for it. */
  readonly followsTemplates: boolean;
}

/** So many names in one line. */
const mostNames = 5;
const longestName = 200;

export function createTemplateNotices(options: TemplateNoticesOptions): TemplateNotices {
  const { source, context, followsTemplates } = options;
  const closing = new AbortController();
  const reportMissing = createMissingHandlersReport(options);
  const closers = [
    followsTemplates ? reportNewNamespaces(source, context) : undefined,
    source.onChange?.((changed) => void reportMissing(closing.signal, changed)),
  ];
  return {
    check: (signal) => reportMissing(signal),
    close() {
      closing.abort();
      for (const close of closers) close?.();
    },
  };
}

/** Each handler is reported of once: at the start, or when a template comes that names it. */
function createMissingHandlersReport({
  source,
  handlers,
  context: { identity, logger },
}: TemplateNoticesOptions): (
  signal: AbortSignal,
  only?: readonly TemplateIdentity[],
) => Promise<void> {
  const reported = new Set<string>();
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
    const unreported = missing.filter((callable) => !reported.has(callable));
    for (const callable of unreported) reported.add(callable);
    if (unreported.length > 0)
      logger(
        "warn",
        "templates name handlers that are not registered: their steps will fail until the worker is given them",
        { count: unreported.length, handlers: firstOf(unreported) },
      );
  };
}

function reportNewNamespaces(
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
