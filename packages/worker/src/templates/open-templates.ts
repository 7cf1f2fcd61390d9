import type { Logger } from "@tasker-observability/core";
import { createYamlFolderSource, type TemplateSource } from "@tasker-observability/templates";
import type { WorkerSettings } from "../options/worker-options.js";

/** The source of a worker's templates. */
export interface OpenTemplates {
  readonly source: TemplateSource;
  /** Stops watching the worker's own files; a given source stays open. */
  readonly close: () => void;
}

export function openTemplates(
  {
    templates,
    templateWatchIntervalMs,
    clock,
  }: Pick<WorkerSettings, "clock" | "templates" | "templateWatchIntervalMs">,
  logger: Logger,
): OpenTemplates {
  if (isSource(templates)) return { source: templates, close: () => undefined };
  const source = createYamlFolderSource({
    patterns: templates,
    cwd: process.cwd(),
    logger,
    clock,
    watchIntervalMs: templateWatchIntervalMs,
  });
  return { source, close: () => source.close() };
}

function isSource(templates: WorkerSettings["templates"]): templates is TemplateSource {
  return typeof templates === "object" && "find" in templates && !Array.isArray(templates);
}
