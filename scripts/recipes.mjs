import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The recipes of a page: its sections `## Add …`, with their fences `file=…` and the commands of their `sh` fences. */
export function readRecipes(page) {
  const sections = readFileSync(page, "utf8").split(/^## /m);
  return sections
    .filter((section) => section.startsWith("Add "))
    .map((section) => {
      const fences = [...section.matchAll(/^( *)```(\w+)(?: file=(\S+))?\n([^]*?)^ *```$/gm)].map(
        ([, indent, language, file, text]) => ({
          language,
          file,
          text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
        }),
      );
      return {
        title: section.slice(0, section.indexOf("\n")),
        edits: fences.filter(({ file }) => file !== undefined),
        commands: fences.filter(({ language }) => language === "sh").flatMap(commandsOf),
      };
    });
}

const commandsOf = ({ text }) =>
  text
    .split(/\n|&&/)
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");

/** Writes the files of a recipe below a folder, and makes its edits. @throws Error where one does not fit. */
export function applyRecipe(folder, { edits }) {
  for (const { language, file, text } of edits) {
    const path = join(folder, file);
    if (language === "diff") {
      writeFileSync(path, applyDiff(readFileSync(path, "utf8"), text, file));
      continue;
    }
    if (existsSync(path)) throw new Error(`${file} exists already.`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Lines of context, `-` and `+`, as `git diff` writes them; `@@` parts the places. */
function applyDiff(source, diff, file) {
  return diff.split(/^@@.*\n/m).reduce((text, hunk) => {
    const side = (leftOut) =>
      hunk
        .split("\n")
        .filter((line) => line !== "" && line[0] !== leftOut)
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    const before = side("+");
    if (text.split(before).length !== 2)
      throw new Error(`${file} has these lines not exactly once:\n${before}`);
    return text.replace(before, () => side("-"));
  }, source);
}
