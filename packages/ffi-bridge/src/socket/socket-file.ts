import { randomUUID } from "node:crypto";
import { type BigIntStats, existsSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";

/** A file that a server left behind. */
export interface StaleFile {
  /** Takes it away, unless it has been replaced meanwhile. @throws Error in that case. */
  remove(): void;
}

/** Node takes a name such as `8080` for a TCP port, unless it is spelt as a path. */
export function toListenPath(path: string): string {
  return /^[^/\\]+$/.test(path) ? `./${path}` : path;
}

/** @throws Error that says so. */
export function assertFolderExists(path: string): void {
  if (!existsSync(dirname(path)))
    throw new Error(`The socket ${path} could not be opened: its folder does not exist.`);
}

/**
 * Looks at what is at the path of a socket to be.
 *
 * @returns the file of a server that is gone; null where there is nothing.
 * @throws Error where a server answers there, or where the file is no socket: neither is touched.
 */
export async function findStaleFile(path: string): Promise<StaleFile | null> {
  const found = statOf(path);
  if (found === null) return null;
  if (!found.isSocket())
    throw new Error(
      `${path} is a ${found.isDirectory() ? "folder" : "file"}, and no socket: it stays as it is. Choose another path.`,
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
        throw new Error(`${path} was taken by another process just now.`);
      unlinkSync(path);
    },
  };
}

/**
 * Closes a server, which takes away whatever is at its path: a file that somebody else made there meanwhile is out of the
 * way for that instant.
 *
 * @param own - the file that the server made; null where it made none.
 */
export function closeWithoutUnlink(path: string, own: BigIntStats | null, close: () => void): void {
  const aside = own === null ? null : putAside(path, own);
  close();
  try {
    if (aside !== null) renameSync(aside, path);
  } catch {
    // Its folder went within this instant.
  }
}

/** Null where there is nothing to spare, or nothing that this process could take away. */
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

/** A server's file keeps its number as long as the server listens. */
export function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/**
 * Big integers, and not for their size: Node before 24 keeps the numbers of its last look in one place, where its module
 * loader, which looks there too, would take a socket's for a package's. No symbolic link would be followed to its package
 * from then on.
 */
export function statOf(path: string): BigIntStats | null {
  return lstatSync(path, { throwIfNoEntry: false, bigint: true }) ?? null;
}

/** Null where somebody answers, else the code of the system's refusal. */
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
