import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PgmqInstallError } from "./pgmq-install-error.js";

const packageName = "@tasker-observability/pgmq";

/**
 * PGMQ's installation script, from this package's `sql` folder: in the sources, and in the published package alike.
 *
 * @param from - the URL of a module of this package. A bundle may have none.
 * @throws PgmqInstallError where the folder is not there, as in a bundle or an image that left it out.
 */
export async function readPgmqScript(from: string = import.meta.url): Promise<string> {
  try {
    return await readFile(
      join(await findPackageRoot(dirname(fileURLToPath(from))), "sql", "pgmq--1.11.1.sql"),
      "utf8",
    );
  } catch (cause) {
    throw new PgmqInstallError(
      `This database has no PGMQ, and the script that installs it is missing: a bundle or an image has left out the sql folder of ${packageName}. Keep ${packageName} out of the bundle (esbuild --external:${packageName}), or install PGMQ in the database.`,
      { cause },
    );
  }
}

/** How deep this file lies below the package depends on the build: so up to the folder that has the package's name. */
async function findPackageRoot(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  if ((JSON.parse(manifest) as { name?: unknown }).name === packageName) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`No folder above this module is ${packageName}.`);
  return findPackageRoot(parent);
}
