import { pathParamsOf } from "@tasker-observability/core";
import type { Endpoint } from "./endpoints.js";
import { parseRequestTarget } from "./request-target.js";

/** An endpoint, with the request's path segments and query, which are not decoded. */
export interface Match {
  readonly endpoint: Endpoint;
  readonly segments: Readonly<Record<string, string>>;
  readonly query: string;
}

/** Finds the endpoint of a raw request target. */
export interface EndpointLookup {
  /** Paths without params, as probes send them: one lookup, and no parsing. */
  readonly literal: ReadonlyMap<string, Match>;
  /** Parses any target; null if there is no such endpoint. */
  find(target: string): Match | null;
}

/** A tree of path segments. A literal segment wins over a parameter, and is never tried again as one. */
interface Branch {
  readonly literals: Map<string, Branch>;
  parameter: Branch | null;
  /** The names are those of the path's params, in order. */
  leaf: { readonly endpoint: Endpoint; readonly names: readonly string[] } | null;
}

/**
 * Paths match exactly: case, doubled slashes and percent-encoding count, one trailing slash does not, and dot segments
 * are never resolved.
 */
export function createEndpointLookup(endpoints: ReadonlyMap<string, Endpoint>): EndpointLookup {
  const root = createBranch();
  const literal = new Map<string, Match>();
  for (const [path, endpoint] of endpoints) {
    if (path !== "/") insert(root, path, endpoint);
    if (!path.includes("{"))
      literal.set(path, Object.freeze({ endpoint, segments: Object.freeze({}), query: "" }));
  }
  return { literal, find: (target) => find(root, literal.get("/"), target) };
}

function find(root: Branch, home: Match | undefined, target: string): Match | null {
  const { path, query } = parseRequestTarget(target);
  if (path === "/") return home === undefined ? null : { ...home, query };
  if (!path.startsWith("/")) return null;
  const values: string[] = [];
  let branch: Branch | null = root;
  for (const segment of path.slice(1, path.endsWith("/") ? -1 : undefined).split("/")) {
    branch = step(branch, segment, values);
    if (branch === null) return null;
  }
  if (branch.leaf === null) return null;
  const { endpoint, names } = branch.leaf;
  const segments = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  return { endpoint, segments, query };
}

function step({ literals, parameter }: Branch, segment: string, values: string[]): Branch | null {
  const literal = literals.get(segment);
  if (literal !== undefined) return literal;
  if (parameter === null || segment === "") return null;
  values.push(segment);
  return parameter;
}

function insert(root: Branch, path: string, endpoint: Endpoint): void {
  let branch = root;
  for (const segment of path.slice(1).split("/")) branch = branchFor(branch, segment);
  branch.leaf = { endpoint, names: pathParamsOf(path) };
}

function branchFor(branch: Branch, segment: string): Branch {
  if (segment.startsWith("{")) return (branch.parameter ??= createBranch());
  const next = branch.literals.get(segment) ?? createBranch();
  branch.literals.set(segment, next);
  return next;
}

function createBranch(): Branch {
  return { literals: new Map(), parameter: null, leaf: null };
}
