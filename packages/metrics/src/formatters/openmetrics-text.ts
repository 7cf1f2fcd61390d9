import { type Exemplar, type FamilySnapshot, type Point, sampleNamesOf } from "../family.js";
import { escapeQuoted, toLabelsText, toNumberText, toSampleLine } from "./text-line.js";

/**
 * Writes families as OpenMetrics 1.0.0. Each sample has the same name as in Prometheus text. A family becomes `unknown`
 * if OpenMetrics demands another name of it, or a name that a second family has.
 */
export function formatOpenMetricsText(families: readonly FamilySnapshot[]): string {
  const taken = new Set(families.flatMap((family) => [family.name, ...sampleNamesOf(family)]));
  const lines: string[] = [];
  for (const family of families) {
    if (fits(family, taken)) writeFamily(lines, family);
    else writeAsUnknown(lines, family);
  }
  lines.push("# EOF", "");
  return lines.join("\n");
}

/** Whether the names that the family has only in OpenMetrics are free: the one without `_total`, and the one of a creation time. */
function fits({ name, type }: FamilySnapshot, taken: ReadonlySet<string>): boolean {
  if (type === "gauge") return true;
  if (type !== "counter") return !taken.has(`${name}_created`);
  const base = baseOf(name);
  return base !== name && base !== "" && !taken.has(base) && !taken.has(`${base}_created`);
}

/** A counter's family has no `_total`, but its samples must have it. */
function baseOf(name: string): string {
  return name.replace(/_total$/, "");
}

function writeFamily(lines: string[], { name, type, help, points }: FamilySnapshot): void {
  writeHead(lines, type === "counter" ? baseOf(name) : name, type, help);
  const exemplars = type === "counter" ? name : type === "histogram" ? `${name}_bucket` : null;
  for (const point of points) {
    const line = toSampleLine(point);
    lines.push(
      point.exemplar !== undefined && point.name === exemplars
        ? `${line} # ${toExemplarText(point.exemplar)}`
        : line,
    );
  }
}

/** Samples with different names become separate families. */
function writeAsUnknown(lines: string[], { help, points }: FamilySnapshot): void {
  const byName = new Map<string, Point[]>();
  for (const point of points) {
    const others = byName.get(point.name);
    if (others === undefined) byName.set(point.name, [point]);
    else others.push(point);
  }
  for (const [name, ofName] of byName) {
    writeHead(lines, name, "unknown", help);
    for (const point of ofName) lines.push(toSampleLine(point));
  }
}

function writeHead(lines: string[], name: string, type: string, help: string): void {
  lines.push(`# HELP ${name} ${escapeQuoted(help)}`, `# TYPE ${name} ${type}`);
}

function toExemplarText({ labels, value, timestamp }: Exemplar): string {
  const text = `{${toLabelsText(labels)}} ${toNumberText(value)}`;
  return timestamp === null ? text : `${text} ${toNumberText(timestamp)}`;
}
