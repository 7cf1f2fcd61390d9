import { randomUUID } from "node:crypto";
import { type BigIntStats, existsSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";

/** The socket file of a server that no longer runs. */
export interface StaleFile {
  /** Removes it. @throws Error if it has been replaced meanwhile. */
  remove(): void;
}

/** Node takes a name such as `8080` for a TCP port unless it looks like a path. */
export function toListenPath(path: string): string {
  return /^[^/\\]+$/.test(path) ? `./${path}` : path;
}

/** @throws Error if it does not. */
export function assertFolderExists(path: string): void {
  if (!existsSync(dirname(path)))
    throw new Error(`The socket ${path} could not be opened: its folder does not exist.`);
}

/**
 * Checks what is at the path of a new socket.
 *
 * @returns the file of a server that no longer runs; null if there is no file.
 * @throws Error if a server answers there, or if the file is not a socket: neither is touched.
 */
export async function findStaleFile(path: string): Promise<StaleFile | null> {
  const found = statOf(path);
  if (found === null) return null;
  if (!found.isSocket())
    throw new Error(
      `${path} is a ${found.isDirectory() ? "folder" : "file"}, not a socket, and was left unchanged: choose another path.`,
    );
  const answer = await probeSocket(path);
  if (answer === "ENOENT") return null;
  if (answer !== "ECONNREFUSED")
    throw new Error(
      `${path} belongs to a running process${answer === null ? "" : ` (${answer})`}: stop it, or choose another path.`,
    );
  return {
    remove() {
      const now = statOf(path);
      if (now === null) return;
      if (!isSameFile(now, found) || now.ctimeNs !== found.ctimeNs)
        throw new Error(`${path} has just been taken by another process.`);
      unlinkSync(path);
    },
  };
}

/**
 * Closes a server. Node then removes whatever is at its path, so another process's file there is moved aside for that
 * instant.
 *
 * @param own - the file that the server made; null if it made none.
 */
export function closeWithoutUnlink(path: string, own: BigIntStats | null, close: () => void): void {
  const aside = own === null ? null : putAside(path, own);
  close();
  try {
    if (aside !== null) renameSync(aside, path);
  } catch {
    // The folder was removed within this instant.
  }
}

/** Null if there is no such file, or this process may not move it. */
function putAside(path: string, own: BigIntStats): string | null {
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    const now = statOf(path);
    if (now === null || isSameFile(now, own)) return null;
    renameSync(path, aside);
    return aside;
  } catch {
    return null;
  }
}

/** A server's file keeps its inode number while the server listens. */
export function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/**
 * Big integers, but not because of their size: Node before 24 keeps the result of its last `lstat` in one array, which
 * its module loader reads too. The loader would read a socket's result as a package's, and from then on follow no
 * symbolic link to a package. Big integers have their own array.
 */
export function statOf(path: string): BigIntStats | null {
  return lstatSync(path, { throwIfNoEntry: false, bigint: true }) ?? null;
}

/** Null if a server answers, else the system's error code. */
function probeSocket(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(null);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
  });
}
