import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import { glob } from "tinyglobby";

/** The files that the patterns match, sorted, each once, as the patterns have them: relative, or absolute. */
export async function findFiles(patterns: readonly string[], cwd: string): Promise<readonly string[]> {
  const files = await glob(patterns, { cwd, onlyFiles: true, expandDirectories: false });
  return files.sort();
}

/**
 * Whether any folder in which the patterns look is there.
 *
 * @throws the system's error where one is there and cannot be read: an empty answer would pass for an empty folder.
 */
export async function anyFolderExists(patterns: readonly string[], cwd: string): Promise<boolean> {
  const found = await Promise.all(patterns.filter((pattern) => !pattern.startsWith("!")).map((pattern) => isReadable(resolve(cwd, staticBase(pattern)))));
  return found.includes(true);
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** The folders of a pattern before the first that has a wildcard; all but the last segment where none has. */
function staticBase(pattern: string): string {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[\]{}()!+@]/.test(segment));
  return segments.slice(0, wild === -1 ? -1 : wild).join("/") || (pattern.startsWith("/") ? "/" : ".");
}
