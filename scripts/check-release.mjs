// A release that nobody sees: in a clone of the last commit it gives the packages their next version, builds them, and publishes
// them to a registry of its own. Then it installs the three users' examples from there and runs them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDatabases } from "./packages/databases.mjs";
import { fromRegistry } from "./packages/install.mjs";
import { inTwos, mustRun, run } from "./packages/processes.mjs";
import { checkPrograms } from "./packages/programs.mjs";
import { endWithReport, problemOf, report } from "./packages/report.mjs";
import { root } from "./packages/tarballs.mjs";
import { userPrograms } from "./packages/user-programs.mjs";
import { publishedProblem } from "./release/published-problem.mjs";
import { startRegistry } from "./release/local-registry.mjs";
import { releaseSteps } from "./release/steps.mjs";

const work = mkdtempSync(join(tmpdir(), "tasker-release-"));
const registry = await startRegistry(work);
const clone = join(work, "clone");
try {
  await mustRun("git", ["clone", "--quiet", root, clone], {});
  const author = ["user.name=dry-run", "user.email=dry-run@localhost"];
  for (const setting of author)
    await mustRun("git", ["config", ...setting.split("=")], { cwd: clone });
  const npmrc = join(work, "npmrc");
  writeFileSync(npmrc, registry.npmrc);
  const steps = releaseSteps(clone, { NPM_CONFIG_USERCONFIG: npmrc });
  await steps.bump();
  await steps.build();
  const spelling = await run("npx", ["cspell", "--no-progress", "packages/*/CHANGELOG.md"], {
    cwd: clone,
  });
  report("the changelogs are spelt right", problemOf(spelling));
  await steps.publish("--registry", registry.url);
  await steps.publish("--registry", registry.url); // what is published already is left alone
  await inTwos(steps.names(), async (name) =>
    report(`${name} as published`, await publishedProblem(`${name}@${steps.version()}`, npmrc)),
  );
  const databases = await startDatabases();
  try {
    const source = fromRegistry(registry);
    const programs = await userPrograms({ source, work, databases, repository: clone });
    await checkPrograms(programs, databases);
  } finally {
    await databases.stop();
  }
} finally {
  await registry.close();
  rmSync(work, { recursive: true, force: true });
}
endWithReport("release");
