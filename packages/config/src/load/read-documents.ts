import { existsSync, lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { readTextFile } from "../files/text-file.js";
import type { ConfigProblem } from "../config-error.js";
import { type Location, locationVariables } from "./location.js";
import { parseToml, toDocument, type TomlDocument } from "./parse-toml.js";

const fileNames = ["common.toml", "worker.toml"];
/** The most bytes of one file: many times the size of all keys and their comments. */
const maxBytes = 1_048_576;

/** The files that apply in every environment, in the order in which they apply. */
export function readBaseDocuments(location: Location): readonly TomlDocument[] {
  if (location.kind === "file") return [readDocument(location.absolute, location.name)];
  if (hasDefaultsOnly(location)) return [toDocument("(defaults)", defaults)];
  const documents = readFolder(location, "base");
  return documents.length > 0
    ? documents
    : [emptyDocument(location.name, noFilesMessage(location.name))];
}

/** The values without a configuration. An empty URL means an embedded database. */
const defaults = { common: { database: { url: "${DATABASE_URL:-}" } } };

/** Whether there is no configuration, and nothing names its place. */
export function hasDefaultsOnly(location: Location): boolean {
  return location.isDefault && isAbsent(location.absolute);
}

/** The changes of one environment; empty for a single file, which is complete. */
export function readOverlayDocuments(
  location: Location,
  environment: string,
): readonly TomlDocument[] {
  return location.kind === "file" ? [] : readFolder(location, `environments/${environment}`);
}

function readFolder(location: Location, folder: string): readonly TomlDocument[] {
  return fileNames
    .map((name) => ({ name: `${folder}/${name}`, absolute: join(location.absolute, folder, name) }))
    .filter(({ absolute }) => !isAbsent(absolute))
    .map(({ name, absolute }) => readDocument(absolute, name));
}

/**
 * Whether there is no file. A file that cannot be read, such as a broken link, may contain settings that matter:
 * reading it reports why.
 */
function isAbsent(absolute: string): boolean {
  try {
    // Not as plain numbers, for the same reason as in `readTextFile`: a pipe's would lead Node's module loader astray.
    lstatSync(absolute, { bigint: true });
    return false;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) return false;
    const folder = dirname(absolute);
    return existsSync(folder) || isAbsent(folder);
  }
}

function readDocument(absolute: string, name: string): TomlDocument {
  const { text, problem } = readTextFile(absolute, maxBytes);
  return problem === null ? parseToml(name, text) : emptyDocument(name, problem);
}

function emptyDocument(file: string, message: string): TomlDocument {
  const problem: ConfigProblem = { path: null, variable: null, file, message };
  return { file, tree: {}, problems: [problem] };
}

function noFilesMessage(root: string): string {
  const root_ = locationVariables.root;
  return `contains neither base/common.toml nor base/worker.toml: point ${root_} to the folder of the configuration (now ${root}), or ${locationVariables.path} to one file`;
}
