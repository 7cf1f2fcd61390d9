import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { deepFreeze, eachLeaf, type Tree, valueAt } from "../tree.js";
import type { Expansion } from "./expand.js";
import type { TomlDocument } from "./parse-toml.js";

/** Where a configured value comes from. */
export interface Origin {
  /** `variable` if it contains the value of an environment variable; `generated` for the id of a worker without one. */
  readonly source: "file" | "variable" | "option" | "default" | "generated";
  /** The file that wrote the key; null if none did. */
  readonly file: string | null;
  /** The environment variables whose values are in it. */
  readonly variables: readonly string[];
}

/** Origins by path, for every value of the configuration. */
export type Origins = Readonly<Record<string, Origin>>;

/** The last file that has the path is the one whose value applies: later files replace earlier ones. */
export function fileOf(
  documents: readonly TomlDocument[],
  path: readonly PathSegment[],
): string | null {
  const firstIndex = path.findIndex((segment) => typeof segment === "number");
  // A list comes whole from one file.
  const owner = firstIndex === -1 ? path : path.slice(0, firstIndex);
  return (
    documents.findLast((document) => valueAt(document.tree, owner) !== undefined)?.file ?? null
  );
}

export interface OriginSources {
  readonly documents: readonly TomlDocument[];
  readonly expansions: ReadonlyMap<string, Expansion>;
  /** Keys whose value was taken from an older key. */
  readonly fallbacks: ReadonlyMap<string, string>;
  /** Keys that the loader decided itself. */
  readonly decided: ReadonlyMap<string, Origin>;
}

/** The origin of every leaf of the merged tree. */
export function originsOf(tree: Tree, sources: OriginSources): Origins {
  const origins = new Map<string, Origin>();
  eachLeaf(tree, (path) => {
    origins.set(formatPath(path), deepFreeze(originOf(path, sources)));
  });
  return Object.freeze(Object.fromEntries(origins));
}

function originOf(
  path: readonly PathSegment[],
  { documents, expansions, fallbacks, decided }: OriginSources,
): Origin {
  const name = formatPath(path);
  const decision = decided.get(name);
  if (decision !== undefined) return decision;
  const older = olderPath(path, fallbacks);
  const file = fileOf(documents, older ?? path);
  const variables = expansions.get(older === null ? name : formatPath(older))?.used ?? [];
  return {
    source: variables.length > 0 ? "variable" : file === null ? "default" : "file",
    file,
    variables: [...variables],
  };
}

/** `worker.namespaces[1]` that was taken from an older list stands there under the same index. */
function olderPath(
  path: readonly PathSegment[],
  fallbacks: ReadonlyMap<string, string>,
): readonly PathSegment[] | null {
  const list = path.filter((segment) => typeof segment === "string");
  const older = fallbacks.get(formatPath(list));
  return older === undefined ? null : [...older.split("."), ...path.slice(list.length)];
}
