/** The JSON type of each field, by its path: `checks.*.message`, `steps[].name`. Null says nothing of a type. */
export type Shape = ReadonlyMap<string, string>;

/** Mappings whose keys are names of something, not fields. */
const named = /^(checks|metrics|metrics\.\*\.labels|template\.template\.environments)$/;
/** Free JSON, of which nobody expects fields. */
const free = /(schema|initialization)$|^(common|worker)$/;

export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, string>();
  collect(value, "", shape);
  return shape;
}

function collect(value: unknown, path: string, shape: Map<string, string>): void {
  if (path !== "") shape.set(path, sharper(shape.get(path), typeOf(value)));
  if (free.test(path)) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, `${path}[]`, shape);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const name = named.test(path) ? "*" : key;
    collect(member, path === "" ? name : `${path}.${name}`, shape);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function sharper(known: string | undefined, type: string): string {
  return known === undefined || known === "null" ? type : known;
}

/** The fields of one shape that another lacks, without those below a field that is lacking itself. */
export function fieldsMissing(of: Shape, inOther: Shape): readonly string[] {
  return [...of]
    .map(([path]) => path)
    .filter((path) => isField(path) && !inOther.has(path))
    .filter((path) => parentOf(path) === "" || inOther.has(parentOf(path)));
}

/** Without the fields that are null: clients of Tasker read null and nothing alike. */
export function withoutNulls(shape: Shape): Shape {
  return new Map([...shape].filter(([, type]) => type !== "null"));
}

/** Whether a path names a field, and no element or entry. */
function isField(path: string): boolean {
  return !/(\[\]|\*)$/.test(path);
}

/** The fields that both have with different types, null aside. */
export function typesThatDiffer(one: Shape, other: Shape): readonly string[] {
  return [...one].flatMap(([path, type]) => {
    const theirs = other.get(path);
    const differs = theirs !== undefined && theirs !== type && ![theirs, type].includes("null");
    return differs ? [`${path}: ${type}, ${theirs}`] : [];
  });
}

function parentOf(path: string): string {
  return path.replace(/(\.[^.[]+|\[\]|^[^.[]+)$/, "");
}
