// Follows each recipe of CONTRIBUTING.md in a copy of the repository: writes the files that it shows, makes its edits,
// and runs its commands. Red where a recipe no longer fits the code. Arguments: words of the titles to check.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyRecipe, readRecipes } from "./recipes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const mostFiles = 5;
const git = (cwd, ...args) => execFileSync("git", args, { cwd, encoding: "utf8" });
const lines = (text) => text.split("\n").filter((line) => line !== "");

/** The working tree with the modules and builds that it has, and everything committed. */
function copyRepository() {
  const copy = mkdtempSync(join(tmpdir(), "recipe-"));
  const listed = git(root, "ls-files", "--cached", "--others", "--exclude-standard");
  const links = lines(git(root, "ls-files", "packages/*/package.json", "bench/package.json"))
    .flatMap((file) => [join(dirname(file), "node_modules"), join(dirname(file), "dist")])
    .filter((folder) => existsSync(join(root, folder)));
  for (const path of [...lines(listed).filter((file) => existsSync(join(root, file))), ...links]) {
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  git(copy, "init", "--quiet");
  git(copy, "add", "--all");
  git(
    copy,
    "-c",
    "user.name=recipe",
    "-c",
    "user.email=recipe@localhost",
    "commit",
    "-qm",
    "before",
  );
  return copy;
}

const changedIn = (copy) =>
  lines(git(copy, "status", "--porcelain", "--untracked-files=all")).map((line) => line.slice(3));

function run(copy, ...command) {
  const { status, stdout, stderr } = spawnSync("npx", ["--no-install", ...command], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (status !== 0) throw new Error(`${command.join(" ")}\n${stdout}${stderr}`);
}

/** A command of a recipe; lint looks only at what the recipe changed, and a test builds nothing. */
function runCommand(copy, command) {
  const changed = changedIn(copy);
  const ofKind = (pattern) => changed.filter((file) => pattern.test(file));
  if (command.startsWith("npm test -- "))
    return run(copy, "vitest", "run", ...command.slice("npm test -- ".length).split(/\s+/));
  if (command === "npm run typecheck") return run(copy, "tsc", "--noEmit");
  if (command === "npm run generate") return run(copy, "npm", "run", "--silent", "generate");
  if (command !== "npm run lint") throw new Error(`Unknown command in a recipe: ${command}`);
  run(copy, "prettier", "--check", "--ignore-unknown", ...changed);
  run(copy, "cspell", "--no-progress", "--no-must-find-files", "--dot", ...changed);
  run(copy, "remark", "--quiet", "--frail", ...ofKind(/\.md$/));
  run(copy, "eslint", "--max-warnings", "0", ...ofKind(/\.ts$/));
  return run(copy, "knip");
}

function check(recipe) {
  const copy = copyRepository();
  try {
    applyRecipe(copy, recipe);
    // Neither what the recipe's commands write nor its changeset, a note for users, is counted.
    const edited = changedIn(copy).filter((file) => !file.startsWith(".changeset/"));
    if (edited.length > mostFiles)
      throw new Error(`It edits more than ${mostFiles} files:\n${edited.join("\n")}`);
    for (const command of recipe.commands) runCommand(copy, command);
    console.log(`ok: ${recipe.title} (${edited.length} files)`);
    return true;
  } catch (error) {
    console.error(`STALE: ${recipe.title}, CONTRIBUTING.md\n${error.message}`);
  } finally {
    rmSync(copy, { recursive: true });
  }
  return false;
}

const words = process.argv.slice(2);
const recipes = readRecipes(join(root, "CONTRIBUTING.md")).filter(
  ({ title }) => words.length === 0 || words.some((word) => title.includes(word)),
);
if (recipes.length === 0) throw new Error("CONTRIBUTING.md has no such recipe.");
process.exitCode = recipes.map(check).every(Boolean) ? 0 : 1;
