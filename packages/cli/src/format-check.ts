import type { LoadedConfig, UnknownKey } from "@tasker-observability/config";
import { toPrintable } from "@tasker-observability/core";

/** What is valid but may not be intended: first keys that may be misspelled, last the number of Tasker's own keys. */
export function formatCheck({
  environment,
  notices,
  unknown_keys,
  unused_keys,
}: LoadedConfig): string {
  const [misspelt, others] = [
    unknown_keys.filter(({ hint }) => hint !== null),
    unknown_keys.filter(({ hint }) => hint === null),
  ];
  const remarks = [
    ...notices,
    ...[...misspelt, ...others].map(formatKey),
    ...formatCount(unused_keys.length - unknown_keys.length),
  ];
  return [
    `The configuration for ${environment} is valid.`,
    ...remarks.map((remark) => `  - ${toPrintable(remark)}`),
  ].join("\n");
}

function formatKey({ path, hint }: UnknownKey): string {
  return hint === null ? `${path} has no effect` : `${path} has no effect. ${hint}`;
}

function formatCount(count: number): string[] {
  if (count === 0) return [];
  return [
    `${count} of Tasker's own keys and tables ${count === 1 ? "has" : "have"} no effect: docs/configuration.md says which and why, and \`config show\` prints those under common and worker`,
  ];
}
