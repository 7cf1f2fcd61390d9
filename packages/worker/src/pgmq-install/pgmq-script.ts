import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageName = "@tasker-observability/worker";

/** PGMQ's installation script, from this package's `sql` folder: in the sources, and in the published package alike. */
export async function readPgmqScript(): Promise<string> {
  return readFile(
    join(await findPackageRoot(dirname(fileURLToPath(import.meta.url))), "sql", "pgmq--1.11.1.sql"),
    "utf8",
  );
}

/** How deep this file lies below the package depends on the build: so up to the folder that has the package's name. */
async function findPackageRoot(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  if ((JSON.parse(manifest) as { name?: unknown }).name === packageName) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error(
      `PGMQ's script is missing: ${packageName} must be installed with its sql folder, not bundled.`,
    );
  return findPackageRoot(parent);
}
