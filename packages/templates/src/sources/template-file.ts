import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { PathSegment } from "@tasker-observability/redact";
import { defineTemplate, summarize } from "../define-template.js";
import { toListedTemplate } from "../listed-template.js";
import type { JsonValue } from "../json.js";
import { type Position, type Problem, toProblem, withoutPlacesOf } from "../problem.js";
import type { ListedTemplate, TemplateDefinition } from "../template-source.js";
import { validateShape } from "../validation/validate-shape.js";
import { readYamlDocuments, type YamlDocument } from "../yaml/yaml-document.js";
import type { YamlLimits } from "../yaml/yaml-limits.js";

/** A problem and where in its file it is. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly position: Position;
}

/** One template of a file. */
export interface FileTemplate {
  readonly template: TemplateDefinition;
  /** Its line of the list. */
  readonly listed: ListedTemplate;
  /** The file's problems that concern this template. */
  readonly problems: readonly LocatedProblem[];
  /** Where in the file a path of the template stands. */
  readonly locate: (path: readonly PathSegment[]) => Position;
}

/** A file of templates as it was read. */
export interface TemplateFile {
  /** As the patterns found it, relative to the working directory. */
  readonly path: string;
  readonly templates: readonly FileTemplate[];
  /** Templates without an identity: for validation only. */
  readonly nameless: readonly FileTemplate[];
  /** The rest of the file's content, which can contain secrets too. */
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly LocatedProblem[];
}

export interface TemplateFileOptions {
  /** The folder that `path` is relative to. */
  readonly absolutePath: string;
  readonly limits: YamlLimits;
  /** ISO 8601: when its templates were registered. */
  readonly registeredAt: string;
}

/** Reads a file of templates. Never rejects: if it cannot be read, that is a problem of the file. */
export async function readTemplateFile(
  path: string,
  options: TemplateFileOptions,
): Promise<TemplateFile> {
  const read = await readText(options.absolutePath, options.limits.maxBytes);
  if (typeof read !== "string")
    return {
      path,
      templates: [],
      nameless: [],
      dropped: [],
      problems: [{ problem: read, position: start }],
    };
  return parseTemplateFile(path, read, options);
}

/** {@link readTemplateFile} for a given text. */
export function parseTemplateFile(
  path: string,
  text: string,
  options: Pick<TemplateFileOptions, "limits" | "registeredAt">,
): TemplateFile {
  const read = readYamlDocuments(text, options.limits);
  // Otherwise a truncated file would silently remove its templates.
  if (read.length === 0)
    return {
      path,
      templates: [],
      nameless: [],
      dropped: [],
      problems: [{ problem: emptyFile, position: start }],
    };
  const documents = read.map((document) => readDocument(document, options.registeredAt));
  return {
    path,
    templates: documents.flatMap(({ draft, isNamed }) =>
      draft !== null && isNamed ? [draft] : [],
    ),
    nameless: documents.flatMap(({ draft, isNamed }) => (draft === null || isNamed ? [] : [draft])),
    dropped: documents.flatMap(({ dropped }) => dropped),
    problems: firstOf(documents.flatMap(({ problems }) => problems)),
  };
}

const start: Position = Object.freeze({ line: 1, column: 1 });
const emptyFile = toProblem({
  code: "empty_file",
  message: "The file contains no template: it is empty, or contains only comments.",
  hint: "Write one, or delete the file.",
});

/** A file full of mistakes would fill the log. */
const maxReported = 100;

function firstOf(problems: readonly LocatedProblem[]): readonly LocatedProblem[] {
  const next = problems[maxReported];
  if (next === undefined) return problems;
  const problem = toProblem({
    code: "more_problems",
    message: `${problems.length - maxReported} more problems from here on.`,
  });
  return [...problems.slice(0, maxReported), { problem, position: next.position }];
}

interface ReadDocument {
  readonly draft: FileTemplate | null;
  readonly isNamed: boolean;
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly LocatedProblem[];
}

function readDocument(document: YamlDocument, registeredAt: string): ReadDocument {
  const { dropped } = document;
  const { template, draft, problems } = defineTemplate(document.value, {
    problems: document.problems,
    dropped,
    registeredAt,
  });
  const locate = (path: readonly PathSegment[]): Position => document.locate(path);
  const all =
    draft === null
      ? problems
      : [...problems, ...withoutPlacesOf(problems, validateShape(draft.definition))];
  const located = all.map((problem) => ({
    problem,
    position: problem.position ?? locate(problem.path),
  }));
  if (draft === null)
    return {
      draft,
      isNamed: false,
      dropped: [...dropped, document.value ?? null],
      problems: located,
    };
  const { definition } = draft;
  const listed = toListedTemplate(
    summarize(draft),
    dropped.length === 0 ? definition : { definition, dropped },
  );
  return {
    draft: { template: draft, listed, problems: located, locate },
    isNamed: template !== null,
    dropped,
    problems: located,
  };
}

/** The whole content of a file, with which its messages are redacted. */
export function contentOf({ templates, nameless, dropped }: TemplateFile): readonly JsonValue[] {
  return [...[...templates, ...nameless].map(({ template }) => template.definition), ...dropped];
}

/** The problems of a file, or of one of its templates, without their places. */
export function problemsOf({ problems }: Pick<TemplateFile, "problems">): readonly Problem[] {
  return problems.map(({ problem }) => problem);
}

async function readText(absolutePath: string, maxBytes: number): Promise<string | Problem> {
  let handle: FileHandle | undefined;
  try {
    // Opening a named pipe would otherwise block until something writes to it.
    handle = await open(absolutePath, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (!status.isFile())
      return toProblem({
        code: "unreadable_file",
        message: status.isDirectory() ? "It is a folder." : "It is a pipe, socket or device.",
        hint: "Rename or remove it, or leave it out by a pattern that begins with !.",
      });
    const bytes = status.size > maxBytes ? null : await handle.readFile();
    if (bytes === null || bytes.byteLength > maxBytes)
      return toProblem({
        code: "file_too_large",
        message: `The file is larger than ${maxBytes} bytes.`,
      });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const message =
      error instanceof TypeError ? "The file is not UTF-8." : "The file cannot be read.";
    return toProblem({ code: "unreadable_file", message });
  } finally {
    await handle?.close();
  }
}
