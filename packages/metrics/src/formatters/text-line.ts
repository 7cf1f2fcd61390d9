import type { Labels, Point } from "../family.js";

/** One sample as both text formats write it. */
export function toSampleLine(point: Point): string {
  return `${toSampleName(point)} ${toNumberText(point.value)}`;
}

/** The name of a sample, with its labels if it has any: no two samples have the same. */
export function toSampleName({ name, labels }: Pick<Point, "name" | "labels">): string {
  const text = toLabelsText(labels);
  return text === "" ? name : `${name}{${text}}`;
}

/** Labels as they are written between braces. */
export function toLabelsText(labels: Labels): string {
  let text = "";
  for (const label in labels)
    text += `${text === "" ? "" : ","}${label}="${escapeLabelValue(labels[label] ?? "")}"`;
  return text;
}

/** A number as both text formats write it. */
export function toNumberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/** Escapes backslashes and line feeds, for help texts and label values. */
export function escapeText(text: string): string {
  return /[\\\n]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n") : text;
}

/** {@link escapeText}, and double quotes. */
export function escapeQuoted(text: string): string {
  return escapeText(text).replaceAll('"', '\\"');
}

function escapeLabelValue(value: string): string {
  return /[\\\n"]/.test(value) ? escapeQuoted(value) : value;
}
