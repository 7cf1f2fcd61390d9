import type { FamilySnapshot } from "../family.js";
import { escapeText, toSampleLine } from "./text-line.js";

/** Writes families as Prometheus text 0.0.4. */
export function formatPrometheusText(families: readonly FamilySnapshot[]): string {
  const lines: string[] = [];
  for (const { name, type, help, points } of families) {
    lines.push(`# HELP ${name} ${escapeText(help)}`, `# TYPE ${name} ${type}`);
    for (const point of points) lines.push(toSampleLine(point));
  }
  lines.push("");
  return lines.join("\n");
}
