import type { Logger } from "@tasker-observability/core";
import { isNamespace, type TemplateSource } from "@tasker-observability/templates";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { type NamespaceQueues, queuesOf } from "../queues/step-queues.js";

/** Milliseconds that a source may take to name its namespaces. */
const sourceTimeoutMs = 30_000;

/** The queues of the given namespaces, or else of those that the templates name. */
export async function queuesToServe(
  settings: Pick<WorkerSettings, "loadedConfig" | "namespaces">,
  source: TemplateSource,
  logger: Logger,
): Promise<readonly NamespaceQueues[]> {
  const namespaces =
    settings.namespaces.length > 0
      ? settings.namespaces
      : await source.namespaces(AbortSignal.timeout(sourceTimeoutMs));
  // A template can say anything, and its namespace would become part of statements.
  for (const namespace of namespaces)
    if (!isNamespace(namespace))
      logger("error", "a template's namespace cannot name a queue: it is not served", {
        namespace,
      });
  const queues = namespaces.filter(isNamespace).map(queuesOf);
  if (queues.length === 0)
    logger(
      "warn",
      `nothing is served, as neither ${settingNames(settings).namespaces} nor a template names a namespace that can name a queue`,
    );
  return queues;
}
