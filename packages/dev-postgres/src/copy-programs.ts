import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ServerUser } from "./server-user.js";

const run = promisify(execFile);

/**
 * Copies the binaries to where the server's user can run them, and makes that user their owner.
 *
 * If only root may enter the folder of a checkout, the user that root must use instead cannot reach it. A copy (60 MB,
 * about 0.1 s) works wherever root may change owners, and gives the database none of root's capabilities.
 *
 * @returns the copy's folder of programs.
 */
export async function copyPrograms(
  programs: string,
  scratch: string,
  user: ServerUser | null,
): Promise<string> {
  if (user === null)
    throw new Error(`${programs} contains no initdb and postgres that this user may run`);
  const copy = join(scratch, "native");
  await mkdir(copy, { mode: 0o700 });
  await run("cp", [
    "-R",
    ...["bin", "lib", "share"].map((part) => join(dirname(programs), part)),
    copy,
  ]);
  await run("chown", ["-R", `${user.uid}:${user.gid}`, copy]);
  return join(copy, "bin");
}
