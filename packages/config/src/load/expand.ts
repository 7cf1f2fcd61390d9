import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { isTable } from "../tree.js";
import { givenValue, type Variables } from "./location.js";

/** The result of expanding one string. */
export interface Expansion {
  readonly text: string;
  /** The variables that the string names, in order. */
  readonly variables: readonly string[];
  /** Of these, the ones whose value, not their default, is in the text. */
  readonly used: readonly string[];
  /** The ones without a value or default. */
  readonly missing: readonly string[];
  /** Whether a `${` is left that does not begin a variable. */
  readonly malformed: boolean;
}

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Puts variables into `${VAR}` and `${VAR:-default}`. As in a shell, the default also stands in for an empty
 * variable; `${VAR}` of an empty one is empty. What a variable contains is not expanded again.
 */
export function expandText(text: string, variables: Variables): Expansion {
  const names: string[] = [];
  const used: string[] = [];
  const missing: string[] = [];
  const expanded = text.replace(reference, (_match, name: string, fallback: string | undefined) => {
    names.push(name);
    const value = givenValue(variables, name);
    if (value !== undefined && (value !== "" || fallback === undefined)) {
      used.push(name);
      return value;
    }
    if (fallback === undefined) missing.push(name);
    return fallback ?? "";
  });
  const leftovers = text.replace(reference, "");
  const nested = [...text.matchAll(reference)].some((match) => match[2]?.includes("${"));
  return {
    text: expanded,
    variables: names,
    used,
    missing,
    malformed: leftovers.includes("${") || nested,
  };
}

/** A string that could not be expanded. */
export interface ExpansionProblem {
  readonly path: readonly PathSegment[];
  readonly variable: string | null;
  readonly message: string;
}

/** The results of expanding a tree, by path. */
export interface TreeExpansion {
  readonly expansions: ReadonlyMap<string, Expansion>;
  readonly problems: readonly ExpansionProblem[];
}

/** Expands every string of a tree in place, and collects all problems. */
export function expandTree(root: unknown, variables: Variables): TreeExpansion {
  const expansions = new Map<string, Expansion>();
  const problems: ExpansionProblem[] = [];
  const expandItem = (item: unknown, path: readonly PathSegment[]): unknown => {
    if (typeof item !== "string") {
      expandWithin(item, path);
      return item;
    }
    if (!item.includes("${")) return item;
    const expansion = expandText(item, variables);
    expansions.set(formatPath(path), expansion);
    problems.push(...problemsOf(expansion, path));
    return expansion.text;
  };
  const expandWithin = (value: unknown, path: readonly PathSegment[]): void => {
    if (Array.isArray(value))
      value.forEach((item, index) => (value[index] = expandItem(item, [...path, index])));
    else if (isTable(value))
      for (const key of Object.keys(value)) value[key] = expandItem(value[key], [...path, key]);
  };
  expandWithin(root, []);
  return { expansions, problems };
}

function problemsOf(expansion: Expansion, path: readonly PathSegment[]): ExpansionProblem[] {
  const missing = [...new Set(expansion.missing)].map((name) => ({
    path,
    variable: name,
    message: `the variable ${name} is not set and has no default: set it, or write \${${name}:-default}`,
  }));
  if (!expansion.malformed) return missing;
  return [
    ...missing,
    {
      path,
      variable: null,
      message:
        "contains a `${` that is not a variable: write ${NAME} or ${NAME:-default}, not nested",
    },
  ];
}
