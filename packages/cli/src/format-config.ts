import { configValues, type LoadedConfig, type Origin } from "@tasker-observability/config";
import { toPrintable } from "@tasker-observability/core";

/** A line a value: `path = value  # where it comes from`. Secrets are masked already. */
export function formatConfig(config: LoadedConfig): string {
  const lines = configValues(config).map(
    ({ path, value, origin }) => `${path} = ${JSON.stringify(value)}  # ${formatOrigin(origin)}`,
  );
  return [`# environment: ${config.environment}`, ...lines].map(toPrintable).join("\n");
}

/** A masked key is not a key of any file. */
function formatOrigin(origin: Origin | null): string {
  if (origin === null) return "masked";
  const { source, file, variables } = origin;
  const parts = [
    ...(file === null ? [] : [file]),
    ...variables.map((variable) => `\${${variable}}`),
  ];
  return parts.length === 0 ? source : parts.join(", ");
}
