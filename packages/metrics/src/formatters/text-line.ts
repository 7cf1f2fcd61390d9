import type { Labels, Point } from "../family.js";

/** One sample as both text formats write it. */
export function toSampleLine({ name, labels, value }: Point): string {
  const text = toLabelsText(labels);
  return text === "" ? `${name} ${toNumberText(value)}` : `${name}{${text}} ${toNumberText(value)}`;
}

/** Labels as they are written between braces. */
export function toLabelsText(labels: Labels): string {
  let text = "";
  for (const label in labels)
    text += `${text === "" ? "" : ","}${label}="${escapeLabelValue(labels[label] ?? "")}"`;
  return text;
}

/** A number as both text formats and JSON write it. */
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
