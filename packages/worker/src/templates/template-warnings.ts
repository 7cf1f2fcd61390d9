import type { WorkerContext } from "@tasker-observability/core";
import { cutText } from "@tasker-observability/redact";
import {
  findMissingHandlers,
  type Handlers,
  isNamespace,
  type TemplateIdentity,
  type TemplateSource,
} from "@tasker-observability/templates";

/** Logs what this worker cannot run of the templates. */
export interface TemplateWarnings {
  /** Logs which handlers are not registered, in one line; later templates that name others get one more. Never rejects. */
  check(signal: AbortSignal): Promise<void>;
  /** Stops logging about later templates. */
  close(): void;
}

export interface TemplateWarningsOptions {
  readonly source: TemplateSource;
  readonly handlers: Handlers;
  readonly context: WorkerContext;
  /** Whether the namespaces come from the templates, so that a new one needs a restart. */
  readonly followsTemplates: boolean;
}

/** The most names in one line. */
const maxNames = 5;
const maxNameLength = 200;

export function createTemplateWarnings(options: TemplateWarningsOptions): TemplateWarnings {
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

/** Reports each handler once: at the start, or when a later template names it. */
function createMissingHandlersReport({
  source,
  handlers,
  context: { identity, logger },
}: TemplateWarningsOptions): (
  signal: AbortSignal,
  only?: readonly TemplateIdentity[],
) => Promise<void> {
  const reported = new Set<string>();
  return async (signal, only) => {
    const { environment, namespaces } = identity;
    // An unreadable source fails when a template is needed.
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
        "templates name handlers that are not registered: their steps cannot run until they are",
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
        "templates of a new namespace are listed but not served: restart the worker to serve them",
        { count: added.length, namespaces: firstOf(added) },
      );
  });
}

function firstOf(names: readonly string[]): readonly string[] {
  return names.slice(0, maxNames).map((name) => cutText(name, maxNameLength));
}
