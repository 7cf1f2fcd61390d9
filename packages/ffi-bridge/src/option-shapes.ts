import { ObservabilityError } from "@tasker-observability/core";

/** What a value must have to be taken for the thing that its option is for. */
const shapes = {
  context: {
    parts: ["identity", "ports", "steps", "clock", "logger", "lifecycle", "liveness"],
    from: "createWorkerContext makes one",
  },
  config: { parts: ["environment", "settings", "redactor"], from: "loadConfig gives one" },
  "templates.source": {
    parts: ["find", "refetch", "list", "namespaces"],
    from: "createYamlFolderSource makes one",
  },
} as const;

/** @throws ObservabilityError INVALID_PARAMS that says where to get such a thing. */
export function refuseUnless(option: keyof typeof shapes, value: unknown): void {
  const { parts, from } = shapes[option];
  const fields = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const missing = parts.filter((part) => fields[part] === undefined || fields[part] === null);
  if (missing.length > 0)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      `${option} lacks ${missing.join(", ")}: ${from}.`,
    );
}
