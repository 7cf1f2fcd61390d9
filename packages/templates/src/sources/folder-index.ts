import { type Problem, toProblem } from "../problem.js";
import { formatIdentity, type TemplateIdentity, toTemplateKey } from "../template-identity.js";
import type {
  ListedTemplate,
  TemplateDefinition,
  TemplateListQuery,
  TemplatePage,
} from "../template-source.js";
import type { LocatedProblem, TemplateFile } from "./template-file.js";

/** A template and the file that it is served from. */
export interface IndexedTemplate {
  readonly template: TemplateDefinition;
  readonly path: string;
  /** Other files that define it, without effect. */
  readonly others: readonly string[];
}

/** All templates of a folder, ready to be found and listed. */
export interface FolderIndex {
  find(identity: TemplateIdentity): IndexedTemplate | null;
  list(query: TemplateListQuery): TemplatePage;
  /** Sorted. */
  readonly namespaces: readonly string[];
  /** Problems between files, by the path of the file at fault. */
  readonly problems: ReadonlyMap<string, readonly LocatedProblem[]>;
  entries(): Iterable<readonly [string, IndexedTemplate]>;
}

/** @param files - sorted by path: the first to define an identity has it. */
export function indexFolder(files: readonly TemplateFile[]): FolderIndex {
  const byKey = new Map<string, IndexedTemplate & { readonly others: string[] }>();
  const lines: ListedTemplate[] = [];
  const problems = new Map<string, LocatedProblem[]>();
  for (const file of files) {
    for (const { template, listed, locate } of file.templates) {
      const key = toTemplateKey(template.identity);
      const first = byKey.get(key);
      if (first !== undefined) {
        first.others.push(file.path);
        problems.set(file.path, [
          ...(problems.get(file.path) ?? []),
          { problem: duplicate(template, first), position: locate(["name"]) },
        ]);
        continue;
      }
      byKey.set(key, { template, path: file.path, others: [] });
      lines.push(listed);
    }
  }
  lines.sort(compareLines);
  const byNamespace = groupByNamespace(lines);
  return {
    find: (identity) => byKey.get(toTemplateKey(identity)) ?? null,
    list: (query) =>
      toPage(query.namespace === null ? lines : (byNamespace.get(query.namespace) ?? []), query),
    namespaces: Object.freeze([...byNamespace.keys()]),
    problems,
    entries: () => byKey.entries(),
  };
}

function duplicate(template: TemplateDefinition, first: IndexedTemplate): Problem {
  const same = JSON.stringify(template.definition) === JSON.stringify(first.template.definition);
  return toProblem({
    severity: same ? "warning" : "error",
    code: "duplicate_template",
    path: ["name"],
    message: `${formatIdentity(template.identity)} is defined in ${first.path} already${same ? ", with the same content" : ""}.`,
    hint: "The first by path is used: remove the other, or give it another version.",
  });
}

/** The most names in one message. */
const mostNames = 5;

/** The other definitions, as a warning for the one that is served: an error would make it unusable. */
export function validateUniqueness({
  template,
  path,
  others,
}: IndexedTemplate): readonly Problem[] {
  if (others.length === 0) return [];
  const named = [...new Set(others)].slice(0, mostNames).join(", ");
  const message = `${formatIdentity(template.identity)} is defined ${others.length === 1 ? "once more" : `${others.length} times more`}, in ${named}.`;
  return [
    toProblem({
      severity: "warning",
      code: "duplicate_template",
      path: ["name"],
      message,
      hint: `That of ${path} is used, the first by path: remove the others, or give them other versions.`,
    }),
  ];
}

function groupByNamespace(
  lines: readonly ListedTemplate[],
): ReadonlyMap<string, readonly ListedTemplate[]> {
  const groups = new Map<string, ListedTemplate[]>();
  for (const line of lines) {
    const group = groups.get(line.namespace);
    if (group === undefined) groups.set(line.namespace, [line]);
    else group.push(line);
  }
  return groups;
}

function compareLines(a: TemplateIdentity, b: TemplateIdentity): number {
  return (
    compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.version, b.version)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toPage(
  lines: readonly ListedTemplate[],
  { limit, offset }: TemplateListQuery,
): TemplatePage {
  return {
    total: lines.length,
    templates: lines.slice(offset, limit === null ? undefined : offset + limit),
  };
}
