import { randomUUID } from "node:crypto";
import { rm, stat, writeFile } from "node:fs/promises";

const problems: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EACCES: "its folder is not writable",
  EROFS: "its folder is not writable",
  EISDIR: "a folder is there",
  EEXIST: "the path is not a regular file",
};

/**
 * Checks that a heartbeat file can be written, without touching an existing one: a worker that probes cannot reach must
 * not start.
 *
 * @throws Error that says in one line why it cannot.
 */
export async function assertHeartbeatWritable(path: string): Promise<void> {
  const trial = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await writeFile(trial, "", { flag: "wx" });
    await rm(trial);
    await assertRegularFile(path);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Error(`The heartbeat file ${path} cannot be written: ${problems[code] ?? code}.`, {
      cause: error,
    });
  }
}

/**
 * A heartbeat replaces only an older one, and never another file, such as the worker's socket.
 *
 * @throws Error with the code EISDIR or EEXIST if something else is at the path.
 */
export async function assertRegularFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  throw Object.assign(new Error("not a regular file"), {
    code: found.isDirectory() ? "EISDIR" : "EEXIST",
  });
}
