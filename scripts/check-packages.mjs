// Packs every package as npm would get it, has the tarballs checked, and runs what READMEs and examples promise from the
// tarballs alone, in empty folders: first with a database, then with that database stopped.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkBundles } from "./packages/bundles.mjs";
import { startDatabases } from "./packages/databases.mjs";
import { checkEditorTexts } from "./packages/editor-texts.mjs";
import { checkFirstWorker } from "./packages/first-worker.mjs";
import { checkDeploymentImage } from "./packages/images.mjs";
import { inTwos } from "./packages/processes.mjs";
import { checkPrinted, checkServed } from "./packages/programs.mjs";
import { readmePrograms } from "./packages/readme-programs.mjs";
import { problemCount } from "./packages/report.mjs";
import { checkTarball, packAll } from "./packages/tarballs.mjs";
import { userPrograms } from "./packages/user-programs.mjs";

const work = mkdtempSync(join(tmpdir(), "tasker-packages-"));
const databases = await startDatabases();
try {
  const packages = await packAll(work);
  await inTwos(packages, checkTarball);
  const programs = [
    ...(await readmePrograms(packages, work, databases)),
    ...(await userPrograms(packages, work, databases)),
  ];
  await checkFirstWorker(packages, work, databases);
  await checkDeploymentImage(packages, work, databases);
  await checkBundles(work);
  checkEditorTexts(packages, (folder) => join(work, folder));
  const [serving, printing] = [
    programs.filter(({ answers }) => answers.length > 0),
    programs.filter(({ answers }) => answers.length === 0),
  ];
  await inTwos(printing, (program) => checkPrinted(program, false));
  const served = await inTwos(serving, checkServed);
  await databases.stop();
  await inTwos(served, (goOn) => goOn());
  await inTwos(printing, (program) => checkPrinted(program, true));
} finally {
  await databases.stop();
  rmSync(work, { recursive: true, force: true });
}
console.log(problemCount() === 0 ? "packages: all good" : `packages: ${problemCount()} problems`);
process.exitCode = problemCount() === 0 ? 0 : 1;
