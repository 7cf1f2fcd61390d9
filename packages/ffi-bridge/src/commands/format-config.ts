import type { LoadedConfig } from "@tasker-observability/config";
import { formatPath, type PathSegment } from "@tasker-observability/core/redact";

type Origin = LoadedConfig["origins"][string];

/** A line a value: `path = value  # where it comes from`. Secrets are masked already. */
export function formatConfig(config: LoadedConfig): string {
  const { common, worker } = config.redacted();
  const lines: string[] = [];
  eachLeaf({ common, worker }, [], (path, value) => {
    const name = formatPath(path);
    lines.push(`${name} = ${JSON.stringify(value)}  # ${formatOrigin(config.origins[name])}`);
  });
  return [`# environment: ${config.environment}`, ...lines].map(printable).join("\n");
}

function formatOrigin(origin: Origin | undefined): string {
  if (origin === undefined) return "default";
  const { source, file, variables } = origin;
  const parts = [...(file === null ? [] : [file]), ...variables.map((variable) => `\${${variable}}`)];
  return parts.length === 0 ? source : parts.join(", ");
}

/** An empty list or table is a value too. */
function eachLeaf(value: unknown, path: readonly PathSegment[], visit: (path: readonly PathSegment[], value: unknown) => void): void {
  const entries: readonly (readonly [PathSegment, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  if (entries.length === 0) visit(path, value);
  else for (const [key, child] of entries) eachLeaf(child, [...path, key], visit);
}

/** Keys and values come from files: none of them may move a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
