import type { Logger } from "@tasker-observability/core";
import { isNamespace, type TemplateSource } from "@tasker-observability/templates";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { type NamespaceQueues, queuesOf } from "../queues/step-queues.js";

/** The time-out for a source to list its namespaces. */
const sourceTimeoutMs = 30_000;

/** The queues of the configured namespaces, else of those that the templates name. */
export async function queuesToServe(
  settings: Pick<WorkerSettings, "loadedConfig" | "namespaces">,
  source: TemplateSource,
  logger: Logger,
): Promise<readonly NamespaceQueues[]> {
  const namespaces =
    settings.namespaces.length > 0
      ? settings.namespaces
      : await source.namespaces(AbortSignal.timeout(sourceTimeoutMs));
  // The namespace becomes part of SQL statements, and a template may contain any text.
  for (const namespace of namespaces)
    if (!isNamespace(namespace))
      logger("error", "a template's namespace is not a valid queue name: it is not served", {
        namespace,
      });
  const queues = namespaces.filter(isNamespace).map(queuesOf);
  if (queues.length === 0)
    logger(
      "warn",
      `no queue is served: neither ${settingNames(settings).namespaces} nor a template has a namespace that is a valid queue name`,
    );
  return queues;
}
