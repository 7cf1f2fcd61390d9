import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const program = fileURLToPath(new URL("../scripts/check-changesets.mjs", import.meta.url));
let checkout: string;

const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
    cwd: checkout,
  });
const check = () => spawnSync(process.execPath, [program], { cwd: checkout, encoding: "utf8" });

function exportNames(names: readonly string[]): void {
  const entries = ["core", "core/options", "health"].map(
    (entry) =>
      `exports[\`'@tasker-observability/${entry}' exports these names 1\`] = \`\n[\n${entry === "core/options" ? names.join("\n") : ""}\n]\n\`;\n`,
  );
  writeFileSync(join(checkout, "tests/__snapshots__/exports.test.ts.snap"), entries.join("\n"));
}

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "changesets-"));
  for (const folder of [".changeset", "tests/__snapshots__"])
    mkdirSync(join(checkout, folder), { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  for (const names of [[], ["first"]]) {
    exportNames(names);
    git("add", ".");
    git("commit", "--quiet", "--message", "A commit");
  }
});
afterEach(() => rmSync(checkout, { recursive: true }));

it("rejects a commit that changes the names of an entry without a changeset for its package", () => {
  expect(check()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^@tasker-observability\/core exports other names than in \w{7}, /,
    ),
  });
});

it("accepts only a changeset that names the package, committed or not", () => {
  const write = (name: string) =>
    writeFileSync(
      join(checkout, ".changeset/a.md"),
      `---\n"@tasker-observability/${name}": minor\n---\n`,
    );
  write("health");
  expect(check().status).toBe(1);
  write("core");
  expect(check()).toMatchObject({ status: 0, stderr: "" });
  git("add", ".");
  git("commit", "--quiet", "--amend", "--no-edit");
  expect(check()).toMatchObject({ status: 0, stderr: "" });
});

it("sees names that a branch changes, and those that are not committed", () => {
  git("checkout", "--quiet", "-b", "branch");
  expect(check().status).toBe(1);
  git("commit", "--quiet", "--allow-empty", "--message", "Another");
  expect(check().status).toBe(0);
  exportNames(["second"]);
  expect(check().status).toBe(1);
});
