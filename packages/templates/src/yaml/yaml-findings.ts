import type { PathSegment } from "@tasker-observability/redact";
import { type JsonValue, within } from "../json.js";
import { inexactNumber } from "../number-problem.js";
import {
  type FindingCode,
  type Position,
  type Problem,
  type ProblemParts,
  toProblem,
} from "../problem.js";

/** The findings of reading a document, each at the current path. */
export class YamlFindings {
  readonly problems: Problem[] = [];
  readonly dropped: JsonValue[] = [];
  readonly #at: (offset: number) => Position;
  readonly #path: PathSegment[] = [];

  constructor(at: (offset: number) => Position) {
    this.#at = at;
  }

  /** Reads what is below a key or an index. */
  within<T>(segment: PathSegment, read: () => T): T {
    this.#path.push(segment);
    const result = read();
    this.#path.pop();
    return result;
  }

  drop(value: JsonValue): void {
    this.dropped.push(within(this.#path, value));
  }

  /** Where the reading is. */
  get path(): readonly PathSegment[] {
    return this.#path;
  }

  report(parts: Omit<ProblemParts, "path" | "position">, offset: number | undefined): void {
    const position = this.#positionOf(offset);
    this.problems.push(toProblem({ ...parts, path: this.#path, position }));
  }

  warn(parts: Omit<ProblemParts, "path" | "position" | "severity">, offset?: number): void {
    this.report({ ...parts, severity: "warning" }, offset);
  }

  reportInexact(offset: number | undefined): void {
    this.problems.push(inexactNumber(this.#path, this.#positionOf(offset)));
  }

  /** Reports a limit; the caller throws the result, which ends the reading. */
  limitReached(code: FindingCode, message: string, offset: number | undefined): LimitReached {
    this.report({ code, message }, offset);
    return new LimitReached(message);
  }

  #positionOf(offset: number | undefined): Position | null {
    return offset === undefined ? null : this.#at(offset);
  }
}

class LimitReached extends Error {}

/** What `read` returns; undefined if a limit ended it. */
export function untilLimit<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof LimitReached) return undefined;
    throw error;
  }
}

export const readAsText = {
  code: "read_as_text",
  message: "The value is read as a string, exactly as written, as in Tasker.",
  hint: "Put it in quotes.",
} as const;
export const notJson = {
  code: "not_json",
  message: "JSON cannot represent this number.",
  hint: "Write a number within the range of JavaScript, or null.",
} as const;
/** Of a setting that is a whole number in Tasker's types. */
export const notWhole = {
  code: "refused_by_tasker",
  message: "Tasker refuses this: the number is not written as a whole number.",
  hint: "Write it without a point, an exponent and leading zeros.",
} as const;
/** Of a number that Tasker keeps as it is. */
export const beyond64Bits = {
  code: "refused_by_tasker",
  message: "Tasker refuses this: the number has more than 64 bits.",
  hint: "Put it in quotes.",
} as const;
