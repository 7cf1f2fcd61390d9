import type { PathSegment } from "./path.js";
import { type Reading, type Scalar, description, readValue } from "./read-value.js";
import { type Position, positionUnder } from "./schema-position.js";
import { isSensitiveKey } from "./sensitive-key.js";

/** A step from the root to a value; paths are written out only where they are asked for. */
export interface Step {
  /** Masked later, where a key is itself a secret. */
  segment: PathSegment;
  readonly parent: Step | null;
  readonly depth: number;
}

/** What the way to a value says of it. */
export interface Context {
  /** A key on the path is sensitive. */
  readonly sensitive: boolean;
  readonly position: Position;
  /** Inside a schema: whether the field that it describes is sensitive. */
  readonly field: boolean;
}

export interface Leaf {
  readonly kind: "leaf";
  readonly step: Step;
  readonly context: Context;
  readonly reading: Extract<Reading, { kind: "leaf" }>;
  /** What the answer will hold. */
  value: Scalar;
  changed: boolean;
}

export interface Branch {
  readonly kind: "list" | "table";
  readonly step: Step;
  readonly members: Node[];
}

export type Node = Leaf | Branch;

/** Everything that was found, parents before their children. */
export interface Walk {
  readonly root: Node;
  readonly branches: readonly Branch[];
  readonly leaves: readonly Leaf[];
}

const deepest = 500;
const mostNodes = 2_000_000;

interface Task {
  readonly value: unknown;
  readonly step: Step;
  readonly context: Context;
  readonly siblings: Node[];
  readonly ancestors: Ancestors | null;
}

interface Ancestors {
  readonly value: unknown;
  readonly above: Ancestors | null;
}

/** Reads a value of any shape and depth into nodes, each member once, without recursion. */
export function walk(value: unknown, sensitive: boolean): Walk {
  const roots: Node[] = [];
  const branches: Branch[] = [];
  const leaves: Leaf[] = [];
  const step: Step = { segment: "", parent: null, depth: 0 };
  const open: Task[] = [{ value, step, context: sensitive ? secret : plain, siblings: roots, ancestors: null }];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    const { step, siblings } = task;
    const reading = readTask(task);
    if (reading.kind === "leaf") {
      const leaf: Leaf = { kind: "leaf", step, context: task.context, reading, value: reading.value, changed: false };
      siblings.push(leaf);
      leaves.push(leaf);
    } else {
      const branch: Branch = { kind: reading.kind, step, members: [] };
      siblings.push(branch);
      branches.push(branch);
      pushMembers(open, task, reading, branch.members);
    }
    if (branches.length + leaves.length + open.length > mostNodes) throw new RangeError("The value has too many members.");
  }
  const [root] = roots;
  if (root === undefined) throw new TypeError("Nothing was read.");
  return { root, branches, leaves };
}

function readTask({ value, step, ancestors }: Task): Reading {
  for (let ancestor = ancestors; ancestor !== null; ancestor = ancestor.above) {
    if (ancestor.value === value) return description("[Circular]");
  }
  return step.depth > deepest ? description("[Nested too deeply]") : readValue(value);
}

/** In reverse, so that the first member is the next one taken. */
function pushMembers(open: Task[], parent: Task, reading: Exclude<Reading, { kind: "leaf" }>, siblings: Node[]): void {
  const ancestors = { value: parent.value, above: parent.ancestors };
  const { step: above, context } = parent;
  const depth = above.depth + 1;
  if (reading.kind === "list") {
    for (let index = reading.items.length - 1; index >= 0; index--) {
      open.push({ value: reading.items[index], step: { segment: index, parent: above, depth }, context, siblings, ancestors });
    }
    return;
  }
  const listKey = listKeyOf(above);
  for (let index = reading.entries.length - 1; index >= 0; index--) {
    const [key, value] = reading.entries[index] ?? [""];
    open.push({ value, step: { segment: key, parent: above, depth }, context: contextUnder(key, value, context, listKey), siblings, ancestors });
  }
}

const plain: Context = Object.freeze({ sensitive: false, position: "data", field: false });
const secret: Context = Object.freeze({ sensitive: true, position: "data", field: false });

function contextUnder(key: string, value: unknown, context: Context, listKey: string | null): Context {
  // Below a sensitive key everything is, whatever it looks like.
  if (context.sensitive) return context;
  const { position: above, field } = context;
  const position = positionUnder(key, { position: above, listKey });
  if (above === "fields") return { sensitive: false, position, field: field || isSensitiveKey(key) };
  if (position !== "data") return { sensitive: false, position, field };
  return (above === "schema" && field) || isSensitiveKey(key, value) ? secret : plain;
}

/** The key of the list whose item a table is. */
function listKeyOf(step: Step): string | null {
  if (typeof step.segment !== "number") return null;
  return typeof step.parent?.segment === "string" ? step.parent.segment : null;
}
