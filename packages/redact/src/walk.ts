import { beginningOf } from "./cut-text.js";
import type { PathSegment } from "./path.js";
import { description, type Reading, readValue, type Scalar } from "./read-value.js";
import { type Position, positionUnder } from "./keys/schema-position.js";
import { secretItemsOf, secretMembersOf } from "./keys/secret-members.js";
import { isUrlWithToken } from "./ordinary-value.js";
import { isSensitiveKey, classifyKey } from "./keys/sensitive-key.js";

/** What the path to a value says about it. */
export interface Context {
  /** A key on the path is sensitive. */
  readonly sensitive: boolean;
  readonly position: Position;
  /** Inside a schema: whether the field that it describes is sensitive. */
  readonly field: boolean;
  /** A schema is on the path: a value there is more often an example than a secret. */
  readonly inSchema: boolean;
  /** A key on the path names URLs that may contain a token: `{ webhook: { url } }` is a `webhook_url`. */
  readonly secretUrls: boolean;
}

interface Place {
  /** Masked later if the key itself is a secret. */
  segment: PathSegment;
  readonly parent: Branch | null;
  readonly context: Context;
}

export interface Leaf extends Place {
  readonly kind: "leaf";
  readonly reading: LeafReading;
  /** What the answer will contain. */
  value: Scalar;
  changed: boolean;
}

export interface Branch extends Place {
  readonly kind: "list" | "table";
  /** Everything that was read, to detect cycles. */
  readonly source: unknown;
  readonly depth: number;
  readonly members: Node[];
}

export type Node = Leaf | Branch;

type LeafReading = Extract<Reading, { kind: "leaf" }>;
type BranchReading = Exclude<Reading, LeafReading>;

/** Everything that was found, parents before their children. */
export interface Walk {
  readonly root: Node;
  readonly branches: readonly Branch[];
  readonly leaves: readonly Leaf[];
}

const deepest = 500;
/** Of a log line, since each of its causes has a stack. */
const deepestOfLine = 20;
const mostNodes = 1_500_000;
const plain: Context = Object.freeze({
  sensitive: false,
  position: "data",
  field: false,
  inSchema: false,
  secretUrls: false,
});
const plainUnderUrlKey: Context = Object.freeze({ ...plain, secretUrls: true });
const noSecrets: ReadonlySet<PathSegment> = new Set();
const secret: Context = Object.freeze({ ...plain, sensitive: true });
const secretInSchema: Context = Object.freeze({ ...secret, inSchema: true });
const plainInSchema: Context = Object.freeze({ ...plain, inSchema: true });

export interface WalkOptions {
  /** Whether a key above the value is sensitive. */
  readonly sensitive: boolean;
  /** Whether it is for a log line: then only the beginning of a long text, and a limited number of causes, are read. */
  readonly cut: boolean;
}

/** Reads a value of any shape and depth into nodes, each member once, without recursion. */
export function walk(value: unknown, { sensitive, cut }: WalkOptions): Walk {
  const branches: Branch[] = [];
  const leaves: Leaf[] = [];
  const open: { readonly branch: Branch; readonly reading: BranchReading }[] = [];
  const add = (source: unknown, place: Place): Node => {
    if (branches.length + leaves.length >= mostNodes)
      throw new RangeError("The value has too many members.");
    const reading = readWithin(source, place.parent, cut ? deepestOfLine : deepest);
    if (reading.kind === "leaf") {
      const shown =
        cut && typeof reading.value === "string" ? beginningOf(reading.value) : reading.value;
      const leaf: Leaf = { kind: "leaf", ...place, reading, value: shown, changed: false };
      leaves.push(leaf);
      return leaf;
    }
    const branch: Branch = {
      kind: reading.kind,
      ...place,
      source,
      depth: depthUnder(place.parent),
      members: [],
    };
    branches.push(branch);
    open.push({ branch, reading });
    return branch;
  };
  const root = add(value, { segment: "", parent: null, context: sensitive ? secret : plain });
  for (let next = open.pop(); next !== undefined; next = open.pop())
    addMembers(next.branch, next.reading, add);
  return { root, branches, leaves };
}

function addMembers(
  parent: Branch,
  reading: BranchReading,
  add: (source: unknown, place: Place) => Node,
): void {
  const { context, members } = parent;
  if (reading.kind === "list") {
    const secrets = context.position === "data" ? secretItemsOf(reading.items) : noSecrets;
    reading.items.forEach((item, segment) =>
      members.push(
        add(item, { segment, parent, context: secrets.has(segment) ? secret : context }),
      ),
    );
    return;
  }
  const listKey = listKeyOf(parent);
  const secrets = context.position === "data" ? secretMembersOf(reading.entries) : noSecrets;
  for (const [segment, value] of reading.entries) {
    const below = secrets.has(segment) ? secret : contextUnder(segment, value, context, listKey);
    members.push(add(value, { segment, parent, context: below }));
  }
}

function readWithin(value: unknown, parent: Branch | null, most: number): Reading {
  if (typeof value !== "object" || value === null) return readValue(value);
  for (let ancestor = parent; ancestor !== null; ancestor = ancestor.parent) {
    if (ancestor.source === value) return description("[Circular]");
  }
  return depthUnder(parent) > most ? description("[Nested too deeply]") : readValue(value);
}

function depthUnder(parent: Branch | null): number {
  return parent === null ? 0 : parent.depth + 1;
}

function contextUnder(
  key: string,
  value: unknown,
  context: Context,
  listKey: string | null,
): Context {
  // Below a sensitive key everything is sensitive, whatever it looks like.
  if (context.sensitive) return context;
  const { position: above, field, secretUrls } = context;
  const position = positionUnder(key, { position: above, listKey }, value);
  const inSchema = context.inSchema || position === "schema";
  if (above === "fields")
    return { ...plainInSchema, position, field: field || isSensitiveKey(key) };
  if (position !== "data") return { ...plain, position, field, inSchema };
  if ((above === "schema" && field) || isSensitiveKey(key, value))
    return inSchema ? secretInSchema : secret;
  if (secretUrls && containsUrlWithToken(value)) return secret;
  if (secretUrls || classifyKey(key) === "sensitive_if_token")
    return { ...plainUnderUrlKey, inSchema };
  return inSchema ? plainInSchema : plain;
}

function containsUrlWithToken(value: unknown): boolean {
  return Array.isArray(value)
    ? value.some(containsUrlWithToken)
    : typeof value === "string" && isUrlWithToken(value);
}

/** The key of the list whose item a table is. */
function listKeyOf({ segment, parent }: Branch): string | null {
  if (typeof segment !== "number") return null;
  return typeof parent?.segment === "string" ? parent.segment : null;
}
