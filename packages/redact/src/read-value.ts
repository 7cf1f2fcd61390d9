/** The name, or the name with the first number that makes it unique. From then on it counts as taken. */
export function unusedName(name: string, taken: Set<string>): string {
  let unused = name;
  for (let number = 2; taken.has(unused); number++) unused = `${name}#${number}`;
  taken.add(unused);
  return unused;
}

/** The leaves of JSON. */
export type Scalar = string | number | boolean | null;

/** Any value, read once, as plain data for the rest of the redactor. */
export type Reading =
  | {
      readonly kind: "leaf";
      readonly value: Scalar;
      /** Text for people: only the secret is masked, where another value would be masked whole. */
      readonly prose: boolean;
      /** Whether the value is the source's content, not a description of it. */
      readonly literal: boolean;
    }
  | { readonly kind: "list"; readonly items: readonly unknown[] }
  | {
      readonly kind: "table";
      readonly entries: readonly (readonly [key: string, value: unknown])[];
    };

/** Marks a text as prose on its way through {@link readValue}. */
class Prose {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const unreadable = Symbol("unreadable");
const longestList = 5_000_000;

/** Reads anything: getters, proxies and `toJSON` that throw are described, never thrown. */
export function readValue(value: unknown): Reading {
  switch (typeof value) {
    case "string":
    case "boolean":
      return leaf(value);
    case "number":
      return leaf(Number.isFinite(value) ? value : String(value));
    case "bigint":
      return leaf(Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
    case "undefined":
      return leaf(null);
    case "symbol":
      return description(value === unreadable ? "[Unreadable]" : "[Symbol]");
    case "function":
      return description("[Function]");
    case "object":
      return value === null ? leaf(null) : readSafely(value);
  }
}

/** Replaces an omitted part, and says why. */
export function description(text: string): Reading {
  return { kind: "leaf", value: text, prose: false, literal: false };
}

function leaf(value: Scalar): Reading {
  return { kind: "leaf", value, prose: false, literal: true };
}

function readSafely(value: object): Reading {
  try {
    return (
      readBuiltIn(value) ??
      readJson(value) ?? { kind: "table", entries: entriesOf(value, Object.keys(value)) }
    );
  } catch {
    return description("[Unreadable]");
  }
}

function readBuiltIn(value: object): Reading | null {
  if (Array.isArray(value)) return readList(value);
  if (value instanceof Date)
    return description(Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString());
  if (isError(value)) return readError(value);
  if (value instanceof Map) return readMap(value);
  if (value instanceof Set) return { kind: "list", items: [...(value as Set<unknown>)] };
  if (value instanceof Prose)
    return { kind: "leaf", value: value.text, prose: true, literal: true };
  if (value instanceof URL || value instanceof URLSearchParams || value instanceof RegExp)
    return leaf(String(value));
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return readValue(value.valueOf());
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return description(`[Binary, ${value.byteLength} bytes]`);
  return null;
}

/** Keys that are not strings become strings; two that become equal stay separate. */
function readMap(map: ReadonlyMap<unknown, unknown>): Reading {
  const taken = new Set<string>();
  return {
    kind: "table",
    entries: Array.from(map, ([key, item]) => [unusedName(nameOf(key), taken), item] as const),
  };
}

/** Holes are null, as in JSON. */
function readList(list: readonly unknown[]): Reading {
  if (list.length > longestList) return description(`[List of ${list.length}]`);
  return { kind: "list", items: Array.from(list, (_item, index) => readMember(list, index)) };
}

/** `toJSON` of an object is called once. */
function readJson(value: object): Reading | null {
  const toJson: unknown = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJson !== "function") return null;
  const json: unknown = toJson.call(value, "");
  if (typeof json !== "object" || json === null) return readValue(json);
  return readBuiltIn(json) ?? { kind: "table", entries: entriesOf(json, Object.keys(json)) };
}

/** Errors of another realm are not instances of this one's Error. */
export function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Name, code and message of an error. Further fields belong to its library, and can contain rows and hosts. */
function readError(error: Error): Reading {
  const entries = entriesOf(error, ["name", "code", "message", "stack", "cause", "errors"]).filter(
    ([, member]) => member !== undefined,
  );
  return {
    kind: "table",
    entries: entries.map(
      ([key, member]) => [key, isProse(key, member) ? new Prose(member) : member] as const,
    ),
  };
}

function isProse(key: string, value: unknown): value is string {
  return (key === "message" || key === "stack") && typeof value === "string";
}

function entriesOf(value: object, keys: readonly string[]): (readonly [string, unknown])[] {
  return keys.map((key) => [key, readMember(value, key)] as const);
}

function readMember(value: object, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return unreadable;
  }
}

function nameOf(key: unknown): string {
  return typeof key === "object" && key !== null ? "[Object]" : String(key);
}
