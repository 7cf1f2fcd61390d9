import type { Endpoint } from "./endpoints.js";
import { parseRequestTarget } from "./request-target.js";

/** An endpoint, and what the request's target says to it; neither segments nor query are decoded. */
export interface Match {
  readonly endpoint: Endpoint;
  readonly segments: Readonly<Record<string, string>>;
  readonly query: string;
}

/** Finds the endpoint of a raw request target; null where there is none. */
export type EndpointLookup = (target: string) => Match | null;

/** A tree of path segments; a literal one wins over a parameter for good, whatever comes after it. */
interface Branch {
  readonly literals: Map<string, Branch>;
  parameter: { readonly name: string; readonly branch: Branch } | null;
  endpoint: Endpoint | null;
}

/**
 * Paths match exactly: case, doubled slashes and percent-encoding count, one trailing slash does not, and dot segments
 * are never resolved.
 */
export function createEndpointLookup(endpoints: ReadonlyMap<string, Endpoint>): EndpointLookup {
  const root = createBranch();
  const whole = new Map<string, Match>();
  for (const [path, endpoint] of endpoints) {
    plant(root, path, endpoint);
    if (!path.includes("{"))
      whole.set(path, Object.freeze({ endpoint, segments: Object.freeze({}), query: "" }));
  }
  // Probes come as bare paths: one look at a map, and nothing is taken apart.
  return (target) => whole.get(target) ?? find(root, target);
}

function find(root: Branch, target: string): Match | null {
  const { path, query } = parseRequestTarget(target);
  if (!path.startsWith("/")) return null;
  const segments: Record<string, string> = {};
  let branch: Branch | undefined = root;
  for (const segment of path.slice(1, path.endsWith("/") ? -1 : undefined).split("/")) {
    branch = step(branch, segment, segments);
    if (branch === undefined) return null;
  }
  return branch.endpoint === null ? null : { endpoint: branch.endpoint, segments, query };
}

function step(
  { literals, parameter }: Branch,
  segment: string,
  segments: Record<string, string>,
): Branch | undefined {
  const literal = literals.get(segment);
  if (literal !== undefined || parameter === null || segment === "") return literal;
  segments[parameter.name] = segment;
  return parameter.branch;
}

function plant(root: Branch, path: string, endpoint: Endpoint): void {
  let branch = root;
  for (const segment of path.slice(1).split("/")) branch = grow(branch, segment);
  branch.endpoint = endpoint;
}

function grow(branch: Branch, segment: string): Branch {
  if (segment.startsWith("{")) {
    branch.parameter ??= { name: segment.slice(1, -1), branch: createBranch() };
    return branch.parameter.branch;
  }
  const next = branch.literals.get(segment) ?? createBranch();
  branch.literals.set(segment, next);
  return next;
}

function createBranch(): Branch {
  return { literals: new Map(), parameter: null, endpoint: null };
}
