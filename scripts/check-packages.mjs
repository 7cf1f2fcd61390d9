// Packs every package as npm would get it, has the tarballs checked, and runs what READMEs and examples promise from the
// tarballs alone, in empty folders: first with a database, then with that database stopped.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkBundles } from "./packages/bundles.mjs";
import { startDatabases } from "./packages/databases.mjs";
import { checkEditorTexts } from "./packages/editor-texts.mjs";
import { checkFirstWorker } from "./packages/first-worker.mjs";
import { fromTarballs } from "./packages/install.mjs";
import { checkDeploymentImage } from "./packages/images.mjs";
import { inTwos } from "./packages/processes.mjs";
import { checkPrograms } from "./packages/programs.mjs";
import { readmeHome, readmePrograms } from "./packages/readme-programs.mjs";
import { endWithReport } from "./packages/report.mjs";
import { checkTarball, packAll } from "./packages/tarballs.mjs";
import { userPrograms } from "./packages/user-programs.mjs";

const work = mkdtempSync(join(tmpdir(), "tasker-packages-"));
const databases = await startDatabases();
try {
  const packages = await packAll(work);
  await inTwos(packages, checkTarball);
  const source = fromTarballs(packages);
  const programs = [
    ...(await readmePrograms(packages, work, databases)),
    ...(await userPrograms({ source, work, databases })),
  ];
  await checkFirstWorker(source, work, databases);
  await checkDeploymentImage(source, work, databases);
  await checkBundles(work);
  checkEditorTexts(packages, (folder) => readmeHome(work, folder));
  await checkPrograms(programs, databases);
} finally {
  await databases.stop();
  rmSync(work, { recursive: true, force: true });
}
endWithReport("packages");
