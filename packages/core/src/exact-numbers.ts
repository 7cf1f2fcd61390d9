import { appendToPath, type PathSegment } from "@tasker-observability/redact";

/** A number that a JavaScript number, or JSON, cannot represent exactly. Its message names the path and never the number. */
export class InexactNumberError extends Error {
  override readonly name = "InexactNumberError";
  readonly code = "inexact_number";
}

/** A number in a JSON text that lost digits, or is too large or too small for a double. */
export interface InexactNumber {
  readonly path: readonly PathSegment[];
  /** As the text has it. */
  readonly literal: string;
}

/** Parsed JSON, and the paths of its inexact numbers. */
export interface ExactJson {
  readonly value: unknown;
  /** All of them, in the order of the text. */
  readonly inexact: readonly InexactNumber[];
}

/**
 * `JSON.parse` that also lists inexact numbers. Texts without long numbers skip the extra work.
 *
 * @throws SyntaxError if the text is not JSON.
 */
export function parseExactJson(json: string): ExactJson {
  const value: unknown = JSON.parse(json);
  return { value, inexact: mayBeInexact.test(json) ? findInexactNumbers(json) : [] };
}

/** With fewer than 16 characters and an exponent of two digits at most, a number keeps every digit. */
const mayBeInexact = /[\d.]{16}|\d[eE][+-]?\d{3}/;

/**
 * Whether a decimal literal is exact: the nearest double prints as the same decimal number.
 * `0.1`, `1.50`, `1e22` and 9007199254740992 are kept; 9007199254740993, a 20-digit fraction, `1e400` and `1e-400` are not. `-0` is 0.
 */
export function isExactNumber(literal: string): boolean {
  const written = toDecimal(literal);
  return written !== null && written === toDecimal(String(Number(literal)));
}

/** Digits and exponent in one form for every way to write a number; null for anything but a decimal number. */
function toDecimal(literal: string): string | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const significant = withoutTrailingZeros(digits);
  const point = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === "-" ? "-" : ""}${significant}e${point}`;
}

/** A regular expression would take quadratic time on a run of zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === zero) end -= 1;
  return digits.slice(0, end);
}

const zero = 48;

/** The tokens at which a walk over JSON stops: the start of a string, brackets, commas and complete numbers. */
const tokenPattern = /["[\]{},]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Walks over a text that is valid JSON. */
function findInexactNumbers(json: string): readonly InexactNumber[] {
  const found: InexactNumber[] = [];
  // The path of the current token: the index in an array, or the key of an object as in the text, with quotes.
  const path: (number | string)[] = [];
  let isKeyNext = false;
  const tokens = new RegExp(tokenPattern);
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    const [token] = match;
    if (token === '"') {
      tokens.lastIndex = endOfString(json, match.index) + 1;
      if (isKeyNext) path[path.length - 1] = json.slice(match.index, tokens.lastIndex);
      isKeyNext = false;
    } else if (token === "{" || token === "[") {
      isKeyNext = token === "{";
      path.push(isKeyNext ? '""' : 0);
    } else if (token === "}" || token === "]") {
      isKeyNext = false;
      path.pop();
    } else if (token === ",") {
      const place = path[path.length - 1];
      isKeyNext = typeof place === "string";
      if (typeof place === "number") path[path.length - 1] = place + 1;
    } else if (mayBeInexact.test(token) && !isExactNumber(token)) {
      found.push({ path: path.map(toSegment), literal: token });
    }
  }
  return found;
}

function toSegment(place: number | string): PathSegment {
  return typeof place === "number" ? place : String(JSON.parse(place));
}

/** @returns the index of the closing quote. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charAt(at - 1 - backslashes) === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

/**
 * `JSON.stringify` that changes no number: it rejects a BigInt, NaN and the infinities, which JSON cannot represent.
 *
 * @param root - what the value is called in the message: `input`, `steps[0].headers`.
 * @throws InexactNumberError that names the path.
 */
export function toExactJson(value: unknown, root: string): string {
  let refused = 0;
  const json = JSON.stringify(value, (_key, item: unknown) => {
    if (!isRefused(item)) return item;
    refused += 1;
    return null;
  }) as string | undefined;
  if (refused > 0) assertExact(value, root);
  return json ?? "null";
}

function isRefused(item: unknown): boolean {
  return typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item));
}

/** Finds the path only after a failure: tracking every path costs more than writing the JSON. */
function assertExact(value: unknown, root: string): void {
  const places = new Map<unknown, string>();
  // `this` is the object or array that contains the item.
  JSON.stringify(value, function (this: unknown, key: string, item: unknown) {
    const parent = places.get(this);
    const segment = Array.isArray(this) ? Number(key) : key;
    const path = parent === undefined ? root : appendToPath(parent, segment);
    if (!isRefused(item)) {
      if (typeof item === "object" && item !== null) places.set(item, path);
      return item;
    }
    throw new InexactNumberError(
      `${path} is ${typeof item === "bigint" ? "a BigInt" : String(item)}, which JSON cannot represent: pass it as a string.`,
    );
  });
}
