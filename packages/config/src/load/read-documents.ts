import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigProblem } from "../config-error.js";
import { type Location, locationVariables } from "./location.js";
import { parseToml, type TomlDocument } from "./parse-toml.js";

const fileNames = ["common.toml", "worker.toml"];

/** The files that hold in every environment, in the order in which they apply. */
export function readBaseDocuments(location: Location): readonly TomlDocument[] {
  if (location.kind === "file") return [readDocument(location.absolute, location.name)];
  const documents = readFolder(location, "base");
  return documents.length > 0 ? documents : [emptyDocument(location.name, noFilesMessage(location.name))];
}

/** What one environment changes; none for a single file, which is complete. */
export function readOverlayDocuments(location: Location, environment: string): readonly TomlDocument[] {
  return location.kind === "file" ? [] : readFolder(location, `environments/${environment}`);
}

function readFolder(location: Location, folder: string): readonly TomlDocument[] {
  return fileNames
    .map((name) => ({ name: `${folder}/${name}`, absolute: join(location.absolute, folder, name) }))
    .filter(({ absolute }) => existsSync(absolute))
    .map(({ name, absolute }) => readDocument(absolute, name));
}

function readDocument(absolute: string, name: string): TomlDocument {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(absolute);
  } catch (error) {
    return emptyDocument(name, `cannot be read (${codeOf(error)})`);
  }
  try {
    return parseToml(name, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return emptyDocument(name, "is not UTF-8 text");
  }
}

function emptyDocument(file: string, message: string): TomlDocument {
  const problem: ConfigProblem = { path: null, variable: null, file, message };
  return { file, tree: {}, problems: [problem] };
}

function noFilesMessage(root: string): string {
  const root_ = locationVariables.root;
  return `holds neither base/common.toml nor base/worker.toml: point ${root_} to the folder of the configuration (now ${root}), or ${locationVariables.path} to one file`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
