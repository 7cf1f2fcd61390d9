import { isExactNumber } from "@tasker-observability/core";
import type { ScalarTag } from "yaml";

/** Whole numbers for Tasker that are text in YAML 1.2: binary ones, and other bases with a sign. */
export const moreBases: ScalarTag = {
  default: true,
  tag: "tag:yaml.org,2002:int",
  test: /^(?:[-+]?0b[01]+|[-+]0o[0-7]+|[-+]0x[\dA-Fa-f]+)$/,
  resolve: (text) => (text.startsWith("-") ? -1 : 1) * Number(text.replace(/^[-+]/, "")),
};

/** `.inf` and `.nan`. */
export function isNamedNumber(source: string | undefined): boolean {
  return /^[-+]?\.[a-z]/i.test(source ?? "");
}

/** Hexadecimal, octal and binary numbers are whole, and kept if no other is as close. */
export function isKept(source: string | undefined, value: number): boolean {
  return source === undefined || /^[-+]?0[xob]/.test(source)
    ? Number.isSafeInteger(value)
    : isExactNumber(source);
}

/** `0777`: text for Tasker, which keeps the zero. */
export function hasLeadingZero(source: string | undefined): boolean {
  return /^[-+]?0\d+$/.test(source ?? "");
}

/** Whether Tasker accepts it as a whole number: not `30.0`, `3e1` or `030`. */
export function isWhole(source: string | undefined): boolean {
  return /^[-+]?(?:0|[1-9]\d*|0x[\dA-Fa-f]+|0o[0-7]+|0b[01]+)$/.test(source ?? "");
}

/** Whether a whole number has more than Tasker's 64 bits. */
export function isBeyond64Bits(source: string | undefined): boolean {
  if (source === undefined || !isWhole(source)) return false;
  const amount = BigInt(source.replace(/^[-+]/, ""));
  return amount > (source.startsWith("-") ? 2n ** 63n : 2n ** 64n - 1n);
}
