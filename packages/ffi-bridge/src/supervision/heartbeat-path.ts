import { randomUUID } from "node:crypto";
import { rm, stat, writeFile } from "node:fs/promises";

const problems: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EACCES: "its folder may not be written",
  EROFS: "its folder may not be written",
  EISDIR: "a folder is there",
  EEXIST: "what is there is no regular file",
};

/**
 * Tries whether a heartbeat file could be written, without touching one that is there: a worker that nobody could ask is not to start.
 *
 * @throws Error in one line that says why not.
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
 * A heartbeat takes the place of an older one, and of nothing else: not of the worker's socket, for one.
 *
 * @throws Error with the code EISDIR or EEXIST where something else is there.
 */
export async function assertRegularFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  throw Object.assign(new Error("no regular file"), {
    code: found.isDirectory() ? "EISDIR" : "EEXIST",
  });
}
