import { lstat, readFile, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** As `pg-symlinks.json` lists them, relative to the package: `target` is a link to `source`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between the libraries of the programs, which npm packages cannot contain. Their package does so when it is
 * installed, but pnpm runs no such script unless the user approves it.
 */
export async function linkLibraries(programs: string): Promise<void> {
  const home = join(programs, "..", "..");
  const links = await readFile(join(home, "native", "pg-symlinks.json"), "utf8").then(
    (text) => JSON.parse(text) as readonly Link[],
    () => [],
  );
  const last = links.at(-1);
  if (last === undefined || (await exists(join(home, last.target)))) return;
  for (const { source, target } of links)
    // A folder that cannot be written to is the loader's to report.
    await symlink(relative(dirname(target), source), join(home, target)).catch(() => undefined);
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
