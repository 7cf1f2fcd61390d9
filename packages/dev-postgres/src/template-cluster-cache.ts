import { createHash } from "node:crypto";
import { chown, mkdir, readFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { supervisorScript } from "./supervisor-script.js";
import type { ServerUser } from "./server-user.js";

/**
 * The place of the empty database that others are copied from: in the cache of the packages that contain the programs.
 * There is one for each version of the programs, each way of creating it, and each user that servers run as. A copy
 * takes a quarter of the time of initdb.
 *
 * @param programs the folder of `initdb` and `postgres`.
 * @param user the user that the server runs as; null: the current one.
 * @returns null if the programs are in no folder of packages, or its cache is not writable: then initdb creates each
 * database.
 */
export async function findTemplateCluster(
  programs: string,
  user: ServerUser | null,
): Promise<string | null> {
  const [root, inPackages] = programs.split(`${sep}node_modules${sep}`);
  if (root === undefined || inPackages === undefined) return null;
  const cache = join(root, "node_modules", ".cache", "tasker-observability");
  const folder = join(cache, `postgres-of-${user?.uid ?? process.geteuid?.()}`);
  try {
    const manifest = await readFile(join(dirname(dirname(programs)), "package.json"));
    await mkdir(cache, { recursive: true });
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined && user !== null)
      await chown(folder, user.uid, user.gid);
    return join(
      folder,
      createHash("sha256").update(manifest).update(supervisorScript).digest("hex").slice(0, 12),
    );
  } catch {
    return null;
  }
}
