import { createRedactor, formatPath, type PathSegment } from "@tasker-observability/redact";
import { ConfigError, type ConfigProblem } from "../config-error.js";
import { createLoadedConfig, type LoadedConfig } from "../loaded-config.js";
import { openListenerNotices } from "../rules/open-listener-notice.js";
import { followConfigEndpoint } from "../rules/config-endpoint-rule.js";
import { translateApiKeys } from "../rules/tasker-api-keys.js";
import { productionNotices } from "../rules/production.js";
import { deepFreeze, emptyTree, setAt, type Tree, valueAt } from "../tree.js";
import { applyDefaults, applyFallbacks, decodeExpanded } from "./defaults.js";
import { type ChosenEnvironment, environmentPath } from "./environment.js";
import { type ExpansionProblem, expandTree, type TreeExpansion } from "./expand.js";
import { locationVariables, variableOf, type Variables } from "./location.js";
import { mergeTrees } from "./merge.js";
import { fileOf, type Origin, originsOf } from "./origins.js";
import type { TomlDocument } from "./parse-toml.js";
import { isKnownKey, unknownKeys, unusedKeys } from "./unused-keys.js";
import { type Finding, validateTree } from "./validate.js";

export interface ResolveOptions {
  readonly variables: Variables;
  readonly environment: ChosenEnvironment;
  readonly createWorkerId: () => string;
  /** Problems found so far, to be reported with the rest. */
  readonly problems: readonly ConfigProblem[];
  readonly notices: readonly string[];
}

const redactor = createRedactor();

/** Makes a configuration from documents: merges, completes, expands and validates them. Throws ConfigError. */
export function resolveDocuments(
  documents: readonly TomlDocument[],
  options: ResolveOptions,
): LoadedConfig {
  // An unreadable file leaves gaps, which would look like problems of the other files.
  assertReadable(
    options.problems,
    documents.flatMap(({ problems }) => problems),
  );
  const merged = mergeTrees(documents.map(({ tree }) => tree));
  const tree = sectionsOf(merged);
  const isGiven = (path: string): boolean => fileOf(documents, path.split(".")) !== null;
  applyDefaults(tree);
  setAt(tree, environmentPath, options.environment.written);
  const expansion = expandTree(tree, options.variables);
  decodeExpanded(tree, (path) => expansion.expansions.has(path));
  const decided = decideValues(tree, options);
  const fallbacks = new Map([
    ...applyFallbacks(tree, isGiven),
    ...followConfigEndpoint(tree, isGiven),
  ]);
  translateApiKeys(tree);
  const { settings, findings } = validateTree(tree, { merged, isGiven });
  const [unexpanded, unread] = byUse(expansion.problems);
  const problems = [
    ...options.problems,
    ...problemsOf(
      documents,
      { ...expansion, problems: unexpanded },
      whereWritten(findings, fallbacks).filter(isNew(options.problems)),
    ),
  ];
  if (settings === null || problems.length > 0) throw new ConfigError(problems);
  const unused_keys = unusedKeys(merged);
  return createLoadedConfig({
    tree: deepFreeze(tree),
    layers: layersOf(documents, options.variables),
    environment: settings.common.execution.environment,
    settings,
    origins: originsOf(tree, { documents, expansions: expansion.expansions, fallbacks, decided }),
    unused_keys,
    unknown_keys: unknownKeys(unused_keys),
    notices: Object.freeze([
      ...options.notices,
      ...[...unread, ...problemsOfOthers(merged, options.variables)].map(({ path, message }) =>
        redactor.text(`${formatPath(path)}: ${message}. Nothing reads this key`),
      ),
      ...productionNotices(settings),
      ...openListenerNotices(settings),
    ]),
  });
}

/** A missing variable under an unused key does not prevent a start. */
function byUse(
  problems: readonly ExpansionProblem[],
): readonly [problems: readonly ExpansionProblem[], notices: readonly ExpansionProblem[]] {
  const isRead = ({ path }: ExpansionProblem): boolean =>
    // An item of a list of texts is read like its list.
    isKnownKey(typeof path.at(-1) === "number" ? path.slice(0, -1) : path);
  return [
    problems.filter((problem) => isRead(problem)),
    problems.filter((problem) => !isRead(problem)),
  ];
}

function assertReadable(
  known: readonly ConfigProblem[],
  unreadable: readonly ConfigProblem[],
): void {
  if (unreadable.length > 0) throw new ConfigError([...known, ...unreadable]);
}

function isNew(known: readonly ConfigProblem[]): (finding: Finding) => boolean {
  const paths = new Set(known.map(({ path }) => path));
  return ({ path }) => !paths.has(formatPath(path));
}

/** A problem of a value from an older key is reported at that key, once. */
function whereWritten(
  findings: readonly Finding[],
  fallbacks: ReadonlyMap<string, string>,
): readonly Finding[] {
  const wrong = new Set(findings.map(({ path }) => nameOfList(path)));
  return findings.flatMap((finding) => {
    const older = fallbacks.get(nameOfList(finding.path));
    if (older === undefined) return [finding];
    const items = finding.path.filter((segment) => typeof segment === "number");
    return wrong.has(older) ? [] : [{ ...finding, path: [...older.split("."), ...items] }];
  });
}

/** The key as written, also of an item in its list. */
function nameOfList(path: readonly PathSegment[]): string {
  return formatPath(path.filter((segment) => typeof segment === "string"));
}

const ourSections = ["common", "worker"] as const;

/** A file for several programs has sections for the others too, which are not part of the configuration. */
function sectionsOf(merged: Tree): Tree {
  const tree = emptyTree();
  for (const section of ourSections) tree[section] = merged[section] ?? emptyTree();
  return tree;
}

/** Strings of other programs' sections that could not be expanded. */
function problemsOfOthers(merged: Tree, variables: Variables): readonly ExpansionProblem[] {
  const others = mergeTrees([{ ...merged, common: null, worker: null }]);
  return expandTree(others, variables).problems;
}

/** Each document by itself, with variables expanded. */
function layersOf(documents: readonly TomlDocument[], variables: Variables): readonly Tree[] {
  const layers = documents.map(({ tree }) => sectionsOf(mergeTrees([tree])));
  expandTree(layers, variables);
  return layers;
}

/** Values that neither file nor default decides: the worker's id, its environment, and Tasker's folder of templates. */
function decideValues(
  tree: Tree,
  { environment, createWorkerId, variables }: ResolveOptions,
): ReadonlyMap<string, Origin> {
  const decided = new Map([[environmentPath.join("."), environment.origin]]);
  const templates = variableOf(variables, locationVariables.templates);
  if (templates !== undefined) {
    setAt(tree, searchPaths, [globOf(templates)]);
    const origin = { source: "variable", file: null, variables: [locationVariables.templates] };
    decided.set(`${searchPaths.join(".")}[0]`, origin as Origin);
  }
  if (valueAt(tree, ["worker", "worker_id"]) === "") {
    setAt(tree, ["worker", "worker_id"], createWorkerId());
    decided.set("worker.worker_id", { source: "generated", file: null, variables: [] });
  }
  return decided;
}

const searchPaths = ["common", "task_templates", "search_paths"] as const;

/** A folder stands for the templates in it, at any depth. */
function globOf(path: string): string {
  return /\.ya?ml$/.test(path) ? path : `${path.replace(/\/+$/, "")}/**/*.{yml,yaml}`;
}

function problemsOf(
  documents: readonly TomlDocument[],
  { expansions, problems }: TreeExpansion,
  findings: readonly Finding[],
): ConfigProblem[] {
  const fileAt = (path: readonly PathSegment[]): string | null => fileOf(documents, path);
  // The empty value of a missing variable fails its schema too, which says nothing new.
  const alreadyWrong = new Set(problems.map(({ path }) => formatPath(path)));
  const fromFindings = findings
    .filter(({ path }) => !alreadyWrong.has(formatPath(path)))
    .map(({ path, message }) => ({
      path,
      message,
      variable: expansions.get(formatPath(path))?.variables[0] ?? null,
    }));
  return [...problems, ...fromFindings].map((problem) => ({
    ...problem,
    path: formatPath(problem.path),
    file: fileAt(problem.path),
  }));
}
