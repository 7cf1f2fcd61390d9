import { createWorkerContext, type WorkerContextOptions } from "@tasker-observability/core";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { createYamlFolderSource } from "../sources/yaml-folder-source.js";
import { createTemplateService, type TemplateService } from "../template-service.js";
import type { TemplateServiceOptions } from "../template-service-options.js";
import { fixtures } from "./templates.js";

export interface TestTemplates {
  readonly service: TemplateService;
  readonly clock: FakeClock;
}

/** A service over the package's own template files, in the environment `test`, with a fake clock. */
export function serve(
  options: Partial<TemplateServiceOptions> = {},
  worker: WorkerContextOptions = {},
): TestTemplates {
  const clock = createFakeClock();
  const context = createWorkerContext({ clock, environment: "test", ...worker });
  return {
    clock,
    service: createTemplateService({
      context,
      source: createYamlFolderSource({ patterns: "*.{yml,yaml}", cwd: fixtures }),
      ...options,
    }),
  };
}
