import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

/** What a caller writes before the options, where that is not `createX(`. */
const calls = {
  createObservabilityListener: "createObservabilityListener({}, ",
  fromPgPool: "fromPgPool({}, ",
  listen: "createObservabilityListener({}).listen(",
};
const compilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  types: [],
};

/**
 * Asks TypeScript, as an editor does, for the text of each option that a README lists, and of each method of the facade.
 *
 * @param homeOf - where `readmePrograms` installed the package in a folder.
 */
export function checkEditorTexts(packages, homeOf) {
  for (const { folder, name } of packages) {
    const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
    for (const [, factory, table] of readme.matchAll(/<!-- options: (\w+) -->(.*?)<!-- \//gs)) {
      const options = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option);
      const call = calls[factory] ?? `${factory}(`;
      const program = `import { ${/\w+/.exec(call)} } from "${name}";\n${call}{ `;
      const texts = textsAfter(join(homeOf(folder), "editor.mts"), program, "});");
      report(`${name}: an editor explains the options of ${factory}`, lacking(options, texts));
    }
    if (folder !== "ffi-bridge") continue;
    const program = `import { Observability } from "${name}";\nObservability.`;
    const texts = textsAfter(join(homeOf(folder), "editor.mts"), program, ";");
    report(`${name}: an editor explains the facade's methods`, lacking([...texts.keys()], texts));
  }
}

function lacking(names, texts) {
  const bare = names.filter((name) => !texts.get(name));
  if (names.length > 0 && bare.length === 0) return null;
  return `No text for ${bare.join(", ") || "anything"}.`;
}

/** The names that an editor offers after `program`, each with the text that it shows. */
function textsAfter(file, program, rest) {
  const host = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot(name) {
      const text = name === file ? program + rest : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => compilerOptions,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    realpath: ts.sys.realpath,
  };
  const service = ts.createLanguageService(host);
  const at = program.length;
  const entries = service.getCompletionsAtPosition(file, at, {})?.entries ?? [];
  return new Map(
    entries.map(({ name }) => {
      const details = service.getCompletionEntryDetails(
        file,
        at,
        name,
        {},
        undefined,
        {},
        undefined,
      );
      return [name, ts.displayPartsToString(details?.documentation)];
    }),
  );
}
