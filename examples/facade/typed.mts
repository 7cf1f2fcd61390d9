import { loadConfig } from "@tasker-observability/config";
import { createObservability, ObservabilityError } from "@tasker-observability/ffi-bridge";
import { createYamlFolderSource, type TemplateDetail } from "@tasker-observability/templates";
import pg from "pg";

const observability = createObservability({
  database: new pg.Pool(),
  config: loadConfig(),
  templates: { source: createYamlFolderSource({ patterns: "config/tasks/**/*.yaml" }) },
});

/** A template; null where there is none. */
export async function findTemplate(name: string): Promise<TemplateDetail | null> {
  try {
    return await observability.templateGet({ namespace: "orders", name, version: "1.0.0" });
  } catch (error) {
    if (ObservabilityError.isInstance(error) && error.code === "TEMPLATE_NOT_FOUND") return null;
    throw error;
  }
}

/** How many connections the pool has open. */
export const poolSize = async (): Promise<number | null> =>
  (await observability.healthReady()).system_info.database_pool_size;

// @ts-expect-error Without templates among its options a facade has no such method.
export const nothing: unknown = createObservability({ database: new pg.Pool() }).templatesList();
