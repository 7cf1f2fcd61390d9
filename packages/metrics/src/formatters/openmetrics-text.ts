import type { FamilySnapshot, Point } from "../family.js";
import { escapeQuoted, toSampleLine } from "./text-line.js";

/** Writes families as OpenMetrics 1.0.0, in which a counter's family has no `_total` and its samples must have it. */
export function formatOpenMetricsText(families: readonly FamilySnapshot[]): string {
  const lines: string[] = [];
  for (const family of families) {
    const name = family.type === "counter" ? family.name.replace(/_total$/, "") : family.name;
    lines.push(`# HELP ${name} ${escapeQuoted(family.help)}`, `# TYPE ${name} ${family.type}`);
    for (const point of family.points)
      lines.push(toSampleLine(family.type === "counter" ? withTotal(name, point) : point));
  }
  lines.push("# EOF", "");
  return lines.join("\n");
}

function withTotal(familyName: string, point: Point): Point {
  return { ...point, name: `${familyName}_total` };
}
