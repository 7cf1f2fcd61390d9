import { isNamespace, namespaceRule } from "@tasker-observability/core";
import * as z from "zod";
import { type FileFinding, toFileFindings } from "./file-finding.js";
import { handlersOption } from "./handlers.js";
import { isJsonObject, type JsonObject, ownValue } from "./json.js";
import { type Problem, toProblem, withoutPlacesOf } from "./problem.js";
import { placeInOverride } from "./resolve/override-place.js";
import { parseOptions, textOption, valueOption } from "@tasker-observability/core/options";
import { areGlobs, globsExpected } from "./sources/find-files.js";
import type { FileTemplate, LocatedProblem, TemplateFile } from "./sources/template-file.js";
import { TemplateFolder } from "./sources/template-folder.js";
import { validateDefinition } from "./validation/validate-template.js";
import { defaultYamlLimits } from "./yaml/yaml-limits.js";

const checkTemplateFilesOptionsSchema = z.strictObject({
  /** Globs of template files. */
  patterns: valueOption<readonly string[]>(globsExpected, areGlobs, "string[]"),
  /** The folder that relative patterns start from. @default `process.cwd()` */
  cwd: z.optional(textOption("the path of a folder", () => true)),
  /** Handlers that steps may name. @default any */
  handlers: z.optional(handlersOption),
  /** Namespaces that templates may have. @default any */
  supportedNamespaces: z
    .array(textOption(`a namespace. ${namespaceRule}`, isNamespace))
    .readonly()
    .optional(),
});
/** Options of {@link checkTemplateFiles}. */
export type CheckTemplateFilesOptions = z.input<typeof checkTemplateFilesOptionsSchema>;

/** The templates in files, and all their problems. */
export interface TemplateFilesReport {
  /** Whether there is no error. */
  readonly valid: boolean;
  readonly file_count: number;
  readonly template_count: number;
  readonly error_count: number;
  readonly warning_count: number;
  /** Patterns that match no file. */
  readonly unmatched: readonly string[];
  /** By file, line and column. */
  readonly findings: readonly FileFinding[];
}

/**
 * Validates template files as written, and with the overrides of each of their environments, without a worker or a
 * database.
 *
 * @throws ObservabilityError INVALID_PARAMS that names every wrong option, and the system's error if a folder cannot be
 * read. A broken file is a finding.
 */
export async function checkTemplateFiles(
  options: CheckTemplateFilesOptions,
): Promise<TemplateFilesReport> {
  const parsed = parseOptions("checkTemplateFiles", checkTemplateFilesOptionsSchema, options);
  const { patterns, cwd = process.cwd() } = parsed;
  const folder = new TemplateFolder({
    patterns,
    cwd,
    limits: defaultYamlLimits,
    timestamp: () => new Date().toISOString(),
  });
  const { files, index } = await folder.scan(new Set());
  const findings = files.flatMap((file) =>
    fileFindings(file, index.problems.get(file.path) ?? [], parsed),
  );
  const error_count = findings.filter(({ severity }) => severity === "error").length;
  return Object.freeze({
    valid: error_count === 0,
    file_count: files.length,
    template_count: index.list({ namespace: null, limit: 0, offset: 0 }).total,
    error_count,
    warning_count: findings.length - error_count,
    unmatched: Object.freeze(await folder.unmatched()),
    findings: Object.freeze(findings),
  });
}

function fileFindings(
  file: TemplateFile,
  duplicates: readonly LocatedProblem[],
  options: CheckTemplateFilesOptions,
): readonly FileFinding[] {
  const templates = [...file.templates, ...file.nameless];
  const ofDefinitions = templates.flatMap((template) => validateEverywhere(template, options));
  const ofTemplates = new Set(templates.flatMap(({ problems }) => problems));
  const ofFile = file.problems.filter((located) => !ofTemplates.has(located));
  return [...toFileFindings(file, [...ofFile, ...duplicates, ...ofDefinitions])].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
}

function validateEverywhere(
  { template, locate }: FileTemplate,
  options: CheckTemplateFilesOptions,
): readonly LocatedProblem[] {
  const expected = {
    handlers: options.handlers ?? null,
    supportedNamespaces: options.supportedNamespaces ?? null,
  };
  const plain = validateDefinition(template, { ...expected, environment: null }).problems;
  const known = new Set(plain.map(keyOf));
  const all = new Map(plain.map((problem) => [keyOf(problem), problem]));
  const environments = ownValue(template.definition, "environments");
  for (const environment of Object.keys(isJsonObject(environments) ? environments : {})) {
    for (const problem of validateDefinition(template, { ...expected, environment }).problems) {
      if (known.has(keyOf(problem))) continue;
      const placed = inEnvironment(problem, template.definition, environment);
      all.set(keyOf(placed), placed);
    }
  }
  return withoutRepeatedWarnings([...all.values()]).map((problem) => ({
    problem,
    position: problem.position ?? locate(problem.path),
  }));
}

/** Tasker rejects mistakes of an environment's override in the override itself. */
function withoutRepeatedWarnings(problems: readonly Problem[]): readonly Problem[] {
  const isOurs = ({ code }: Problem): boolean => code !== "refused_by_tasker";
  const kept = new Set(
    withoutPlacesOf(
      problems.filter(isOurs),
      problems.filter((problem) => !isOurs(problem)),
    ),
  );
  return problems.filter((problem) => isOurs(problem) || kept.has(problem));
}

/** Its path leads through the merged template, but the reader has to change the override. */
function inEnvironment(problem: Problem, definition: JsonObject, environment: string): Problem {
  const path = placeInOverride(definition, environment, problem.path);
  return toProblem({
    ...problem,
    hint: problem.hint ?? undefined,
    path,
    message: `In the environment ${JSON.stringify(environment)}: ${problem.message}`,
  });
}

function keyOf({ code, path, message }: Problem): string {
  return JSON.stringify([code, path, message]);
}
