// A package whose exported names change has a changeset that names it. Compares the working tree with the branch main,
// or with the commit before where this is main.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const snapshot = "tests/__snapshots__/exports.test.ts.snap";
const base = baseCommit();
if (base === null) {
  console.log("The changesets are not checked: this copy has no earlier commit to compare with.");
} else {
  const before = exportsByPackage(git("show", `${base}:${snapshot}`));
  const after = exportsByPackage(readFileSync(snapshot, "utf8"));
  const named = changedChangesets(base)
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const missing = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name) && !named.includes(`"${name}":`),
  );
  for (const name of missing)
    console.error(
      `${name} exports other names than in ${base.slice(0, 7)}, and no changeset since then names it: run "npm run changeset".`,
    );
  process.exitCode = missing.length > 0 ? 1 : 0;
}

function baseCommit() {
  const head = git("rev-parse", "HEAD");
  for (const branch of ["origin/main", "main"]) {
    const common = git("merge-base", "HEAD", branch);
    if (common !== "" && common !== head) return common;
  }
  return git("rev-parse", "--verify", "HEAD~1") || null;
}

/** @param {string} text */
function exportsByPackage(text) {
  const exported = new Map();
  for (const [, name, names] of text.matchAll(/^exports\[`'(@[^/]+\/[^/']+)[^`]*`\] = `([^`]*)`/gm))
    exported.set(name, `${exported.get(name) ?? ""}${names}`);
  return exported;
}

/** @param {string} since */
function changedChangesets(since) {
  const tracked = git("diff", "--name-only", "--diff-filter=d", since, "--", ".changeset");
  const untracked = git("ls-files", "--others", "--exclude-standard", "--", ".changeset");
  return `${tracked}\n${untracked}`.split("\n").filter((file) => file.endsWith(".md"));
}

/** @param {readonly string[]} args */
function git(...args) {
  try {
    return execFileSync("git", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
