import { isExactNumber } from "@tasker-observability/core";

/** `.inf` and `.nan`. */
export function isNamedNumber(source: string | undefined): boolean {
  return /^[-+]?\.[a-z]/i.test(source ?? "");
}

/** Hexadecimal and octal numbers are whole, and kept where no other is as near. */
export function isKept(source: string | undefined, value: number): boolean {
  return source === undefined || /^[-+]?0[xo]/.test(source)
    ? Number.isSafeInteger(value)
    : isExactNumber(source);
}

/** `0777`: text for Tasker, which keeps the zero. */
export function hasLeadingZero(source: string | undefined): boolean {
  return /^[-+]?0\d/.test(source ?? "");
}
