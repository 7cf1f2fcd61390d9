import type { PathSegment } from "@tasker-observability/redact";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from "yaml";
import type { JsonValue } from "../json.js";
import { type Position, type Problem, toProblem } from "../problem.js";
import { retryAliases, stepAliases } from "../resolve/normalize-aliases.js";
import { toPlain } from "./to-plain.js";
import { moreBases } from "./yaml-numbers.js";
import { passedOverTags, unreadTag } from "./yaml-tags.js";
import type { YamlLimits } from "./yaml-limits.js";

/** One document of a YAML file. */
export interface YamlDocument {
  /** Its content; undefined if it could not be read, `problems` says why. */
  readonly value: JsonValue | undefined;
  /** Content of the file that is not in `value`, also of an unusable document. */
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly Problem[];
  /** The position of the path, or of as much of it as the file has. */
  locate(path: readonly PathSegment[]): Position;
}

/** Reads all documents of a file. Never throws: unreadable content is a problem. */
export function readYamlDocuments(text: string, limits: YamlLimits): readonly YamlDocument[] {
  const lines = new LineCounter();
  try {
    // Keys are compared in to-plain.ts: the library does it in quadratic time.
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      schema: "core",
      customTags: (tags) => [...tags, moreBases, ...passedOverTags],
      resolveKnownTags: false,
      logLevel: "silent",
    } as const satisfies Parameters<typeof parseAllDocuments>[1];
    const documents: readonly Document.Parsed[] = [...parseAllDocuments(text, options)];
    const bottomless = documents.findIndex(({ errors }) => errors.some(isTooDeep));
    return documents.flatMap((document, index) => {
      if (isEmpty(document)) return [];
      const read = readDocument(document, lines, limits);
      // The parser's problems with the rest are not the author's mistakes.
      return bottomless === -1 || index <= bottomless
        ? [read]
        : [
            {
              ...read,
              value: undefined,
              dropped: [...read.dropped, read.value ?? null],
              problems: [],
            },
          ];
    });
  } catch (error) {
    const deep = error instanceof RangeError;
    const message = deep
      ? "The file is nested too deeply to be read."
      : "The file cannot be read as YAML.";
    return [
      {
        value: undefined,
        dropped: [],
        problems: [toProblem({ code: deep ? "too_deep" : "yaml_syntax", message })],
        locate: () => start,
      },
    ];
  }
}

const start: Position = Object.freeze({ line: 1, column: 1 });

/** A document of comments only, as many files have before their first `---`. */
function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return (
    document.errors.length + document.warnings.length === 0 &&
    isScalar(contents) &&
    contents.value === null &&
    contents.source === ""
  );
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
  limits: YamlLimits,
): YamlDocument {
  const at = (offset: number): Position => toPosition(lines, offset);
  const locate = (path: readonly PathSegment[]): Position => at(offsetOf(document.contents, path));
  const unreadable = causesOf(document).map((error) => toSyntaxProblem(error, at));
  const plain = toPlain(document.contents, limits, at);
  if (unreadable.length === 0) return { ...plain, locate };
  return {
    value: undefined,
    dropped: [...plain.dropped, plain.value ?? null],
    problems: unreadable,
    locate,
  };
}

/**
 * One problem for each cause: after nesting that is too deep, further errors are noise, and each place is reported
 * once.
 */
function causesOf({ errors, warnings }: Document.Parsed): readonly YAMLError[] {
  const tooDeep = errors.find(isTooDeep);
  if (tooDeep !== undefined) return [tooDeep];
  return [
    ...new Map(
      [...errors, ...warnings].map((error) => [`${error.code} ${error.pos[0]}`, error]),
    ).values(),
  ];
}

function isTooDeep({ code }: YAMLError): boolean {
  return code === "RESOURCE_EXHAUSTION";
}

/** Messages of the library quote the source, which may contain a secret; its codes do not. */
function toSyntaxProblem(error: YAMLError, at: (offset: number) => Position): Problem {
  const position = at(error.pos[0]);
  if (error.code === "TAG_RESOLVE_FAILED") {
    return toProblem({
      ...unreadTag,
      position,
    });
  }
  if (isTooDeep(error))
    return toProblem({
      code: "too_deep",
      message: "The file is nested too deeply to be read.",
      position,
    });
  return toProblem({
    code: "yaml_syntax",
    message: `Not valid YAML: ${error.code.toLowerCase().replaceAll("_", " ")}.`,
    position,
  });
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Common mistakes for a key of ours. */
const otherSpellings: ReadonlyMap<PathSegment, string> = new Map(
  [...stepAliases, ...retryAliases].map(({ key, alias }) => [key, alias]),
);

function offsetOf(root: unknown, path: readonly PathSegment[]): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const segment of path) {
    const child = childOf(node, segment) ?? childOf(node, otherSpellings.get(segment) ?? segment);
    if (child === undefined) break;
    offset = child.offset ?? offset;
    node = child.node;
  }
  return offset;
}

function childOf(
  node: unknown,
  segment: PathSegment,
): { readonly node: unknown; readonly offset: number | undefined } | undefined {
  if (isSeq(node) && typeof segment === "number" && segment < node.items.length) {
    const item = node.items[segment];
    return { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key) };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) || isAlias(node) ? (node as Node).range?.[0] : undefined;
}
