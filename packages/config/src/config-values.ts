import { formatPath } from "@tasker-observability/redact";
import type { Origin } from "./load/origins.js";
import type { LoadedConfig } from "./loaded-config.js";
import { eachLeaf } from "./tree.js";

/** One configured value, safe to show. */
export interface ConfigValue {
  readonly path: string;
  /** A JSON value without members, or an empty table or list; the mask if it is a secret. */
  readonly value: unknown;
  /** Its origin; null if the key itself is masked. */
  readonly origin: Origin | null;
}

/**
 * Every value of a configuration with its origin, sorted by path: what `config show` prints.
 *
 * @example
 * for (const { path, value, origin } of configValues(loadConfig())) console.log(path, value, origin?.file ?? origin?.source);
 */
export function configValues({
  redacted,
  origins,
}: Pick<LoadedConfig, "redacted" | "origins">): readonly ConfigValue[] {
  const { common, worker } = redacted();
  const values: ConfigValue[] = [];
  eachLeaf({ common, worker }, (segments, value) => {
    const path = formatPath(segments);
    values.push({ path, value, origin: origins[path] ?? null });
  });
  return values.sort((a, b) => (a.path < b.path ? -1 : 1));
}
