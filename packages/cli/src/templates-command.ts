import { statSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "@tasker-observability/config/files";
import { toPrintable } from "@tasker-observability/core";
import {
  checkTemplateFiles,
  formatReport,
  type Handlers,
  isNamespace,
  namespaceRule,
  parseHandlerList,
  type TemplateFilesReport,
} from "@tasker-observability/templates";
import { type CommandResult, fail, succeed } from "./command-result.js";
import { commands } from "./command-table.js";
import { parseOptions, usageError } from "./parse-options.js";

const command = commands["templates validate"];

/** `templates validate GLOB...`. */
export async function runTemplates(args: readonly string[]): Promise<CommandResult> {
  const { values, words: patterns } = parseOptions(args, command);
  if (patterns.length === 0)
    throw usageError(command.name, "Name the files to validate: 'config/tasks/**/*.yaml'.");
  if (patterns.every((pattern) => pattern.startsWith("!")))
    throw usageError(
      command.name,
      "All patterns begin with !, which only excludes files: add a pattern for the files to validate.",
    );
  const wrong = (values.namespace ?? []).filter((name) => !isNamespace(name));
  if (wrong.length > 0)
    throw usageError(
      command.name,
      `--namespace takes a namespace, which ${wrong.map((name) => JSON.stringify(name)).join(", ")} cannot be. ${namespaceRule}.`,
    );
  const handlers = values.handlers === undefined ? undefined : readHandlers(values.handlers);
  const report = await checkTemplateFiles({
    patterns,
    handlers,
    supportedNamespaces: values.namespace,
  });
  const missing = unmatchedIn(report);
  const text = values.json ? JSON.stringify(report, null, 2) : formatReport(report);
  if (missing !== null)
    return { exitCode: 2, output: report.file_count === 0 ? "" : text, error: missing };
  return report.valid ? succeed(text) : fail(text);
}

/** Says that there was nothing to validate; null if there was something. */
function unmatchedIn({ unmatched }: TemplateFilesReport): string | null {
  if (unmatched.length === 0) return null;
  const folder = unmatched.find(isFolder);
  const advice =
    folder === undefined
      ? ""
      : ` Name the files in a folder by a pattern: '${join(folder, "**/*.{yml,yaml}")}'`;
  return toPrintable(`No file matches ${unmatched.join(", ")}.${advice}`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** @throws Error that names the option, the file, and the forms that a list can have. */
function readHandlers(file: string): Handlers {
  try {
    const { text, problem } = readTextFile(file, maxHandlerListBytes);
    if (problem !== null) throw new Error(`It ${problem}.`);
    return parseHandlerList(text);
  } catch (error) {
    throw new Error(
      `--handlers ${file}: ${(error as Error).message} The file must contain a JSON list of names, a JSON object whose keys are the names, or one name per line.`,
      { cause: error },
    );
  }
}

/** Room for some 20 000 names. */
const maxHandlerListBytes = 1_048_576;
