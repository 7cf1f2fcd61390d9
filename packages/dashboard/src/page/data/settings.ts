import type { Configuration } from "./answers.js";

/** One value of the configuration. */
export interface Setting {
  readonly path: string;
  readonly value: string;
  readonly isMasked: boolean;
  /** Where it was written; null where the worker does not say. */
  readonly origin: string | null;
}

/** Every value with its path, in the order in which the worker answers them. */
export function settingsOf(configuration: Configuration): Setting[] {
  const masked = new Set(configuration.metadata.redacted_fields);
  const origins = originsIn(configuration.metadata);
  const settings: Setting[] = [];
  const visit = (path: string, value: unknown): void => {
    const children = childrenOf(path, value);
    if (children === null)
      settings.push({
        path,
        value: typeof value === "string" ? value : JSON.stringify(value),
        isMasked: masked.has(path),
        origin: origins[path] ?? null,
      });
    else for (const [childPath, child] of children) visit(childPath, child);
  };
  visit("common", configuration.common);
  visit("worker", configuration.worker);
  return settings;
}

/** Null for a leaf; empty objects and lists are leaves. */
function childrenOf(path: string, value: unknown): (readonly [string, unknown])[] | null {
  if (typeof value !== "object" || value === null) return null;
  const children = Array.isArray(value)
    ? value.map((child: unknown, index) => [`${path}[${index}]`, child] as const)
    : Object.entries(value).map(([name, child]) => [`${path}.${name}`, child as unknown] as const);
  const isFlat = Array.isArray(value) && value.every((child) => typeof child !== "object");
  return children.length === 0 || isFlat ? null : children;
}

function originsIn(metadata: object): Readonly<Record<string, string | undefined>> {
  const origins = "origins" in metadata ? metadata.origins : null;
  return typeof origins === "object" && origins !== null ? { ...origins } : {};
}
