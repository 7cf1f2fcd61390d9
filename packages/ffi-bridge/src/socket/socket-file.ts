import { existsSync, lstatSync, type Stats, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";

/** A file that a server left behind. */
export interface StaleFile {
  /** Takes it away, unless it has been replaced meanwhile. @throws Error in that case. */
  remove(): void;
}

/** What `sockaddr_un` has room for; Node cuts off the rest without a word. */
const longestPath = process.platform === "linux" ? 107 : 103;

/** @throws Error that says what is wrong with the path. */
export function refuseWrongPath(path: string): void {
  if (path === "" || path.includes("\0")) throw new Error("The socket needs a path.");
  if (Buffer.byteLength(path) > longestPath) throw new Error(`The path of a Unix socket has at most ${longestPath} bytes; ${path} has ${Buffer.byteLength(path)}.`);
  if (!existsSync(dirname(path))) throw new Error(`The socket ${path} could not be opened: its folder does not exist.`);
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
  if (!found.isSocket()) throw new Error(`${path} is a file, and no socket: it stays as it is. Choose another path.`);
  const answer = await knock(path);
  if (answer === "ENOENT") return null;
  if (answer !== "ECONNREFUSED") throw new Error(`${path} belongs to a running process${answer === null ? "" : ` (${answer})`}: stop it, or choose another path.`);
  return {
    remove() {
      const now = statOf(path);
      if (now === null) return;
      if (now.ino !== found.ino || now.ctimeMs !== found.ctimeMs) throw new Error(`${path} was taken by another process just now.`);
      unlinkSync(path);
    },
  };
}

function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Null where somebody answers, else the code of the system's refusal. */
function knock(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(null);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
  });
}
