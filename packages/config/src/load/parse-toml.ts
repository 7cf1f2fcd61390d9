import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { parse, TomlError } from "smol-toml";
import type { ConfigProblem } from "../config-error.js";
import type { Tree } from "../tree.js";
import { withoutDocs } from "./without-docs.js";

/** One TOML file: its tables, and what kept it from being read. */
export interface TomlDocument {
  /** The file's name as a reader knows it: relative to the configuration's folder. */
  readonly file: string;
  readonly tree: Tree;
  readonly problems: readonly ConfigProblem[];
}

const maxDepth = 100;

/** Parses one file. Problems are returned, not thrown, so that those of all files are reported. */
export function parseToml(file: string, text: string): TomlDocument {
  try {
    // Integers beyond 2^53 in keys that we do not use must not stop a worker.
    return toDocument(file, parse(text, { integersAsBigInt: "asNeeded", maxDepth }));
  } catch (error) {
    return { file, tree: {}, problems: [syntaxProblem(file, error)] };
  }
}

/** A document of tables that were read already, documentation left out; empty if a key is not allowed. */
export function toDocument(file: string, tree: Tree): TomlDocument {
  const problems = validateKeys(file, tree);
  return { file, tree: problems.length === 0 ? withoutDocs(tree) : {}, problems };
}

function syntaxProblem(file: string, error: unknown): ConfigProblem {
  if (!(error instanceof TomlError))
    return { path: null, variable: null, file, message: "cannot be read as TOML" };
  // Only the first line of the parser's message: the rest is an excerpt of the file, which can contain a secret.
  const reason =
    error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? "not TOML";
  return {
    path: null,
    variable: null,
    file: `${file}:${error.line}:${error.column}`,
    message: `is not valid TOML: ${reason}`,
  };
}

/** Rejects own `__proto__` keys, which later readers of the tree lose or obey, and depth that would exhaust the stack. */
function validateKeys(file: string, root: Tree): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = (path: readonly PathSegment[], message: string): void => {
    problems.push({ path: formatPath(path), variable: null, file, message });
  };
  const open: { value: unknown; path: readonly PathSegment[] }[] = [{ value: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== "object" || value === null) continue;
    if (path.length > maxDepth) {
      report(path.slice(0, 3), `is nested deeper than ${maxDepth} levels`);
      continue;
    }
    for (const [key, item] of Object.entries(value)) {
      const itemPath = [...path, Array.isArray(value) ? Number(key) : key];
      if (key === "__proto__") report(itemPath, "is a key that is never allowed: rename it");
      else open.push({ value: item, path: itemPath });
    }
  }
  return problems;
}
