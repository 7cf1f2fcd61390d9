import { type Dirent, readdir } from "node:fs";
import { access, constants, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { glob } from "tinyglobby";

/**
 * The files that the patterns match, sorted, with relative or absolute paths like the patterns. Each occurs once, by
 * its own path if links lead to its folder too. Pipes and the like, and folders named like a file, are included:
 * reading them reports what they are.
 */
export async function findFiles(
  patterns: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  // The folder itself is not one of its files, and not a pattern to the library.
  const within = patterns.filter((pattern) => resolve(cwd, pattern) !== resolve(cwd));
  const found = await glob(within, {
    cwd,
    onlyFiles: false,
    expandDirectories: false,
    fs: { readdir: readdirWithSpecialFiles as typeof readdir },
  });
  const files = found
    .filter((path) => !path.endsWith("/") || /\.ya?ml\/$/.test(path))
    .map((path) => path.replace(/\/$/, ""));
  return (await uniqueByRealPath(files.sort(), await realOf(cwd))).sort();
}

/** Like `readdir`, but pipes and devices count as files: the library would skip them. */
function readdirWithSpecialFiles(
  folder: string,
  options: { readonly withFileTypes: true },
  done: (error: Error | null, entries: Dirent[]) => void,
): void {
  readdir(folder, options, (error, entries) => {
    done(error, error === null ? entries.map(asFile) : entries);
  });
}

function asFile(entry: Dirent): Dirent {
  if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) return entry;
  return Object.create(entry, { isFile: { value: () => true } }) as Dirent;
}

/** Resolves folders, which are few, but not files: links to single files are not followed. */
async function uniqueByRealPath(files: readonly string[], realCwd: string): Promise<string[]> {
  const absolutes = files.map((file) => resolve(realCwd, file));
  const realFolders = new Map<string, string>();
  for (const folder of new Set(absolutes.map((path) => dirname(path))))
    realFolders.set(folder, await realOf(folder));
  const byReal = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const absolute = absolutes[index] ?? file;
    const real = join(realFolders.get(dirname(absolute)) ?? "", basename(absolute));
    if (!byReal.has(real) || real === absolute) byReal.set(real, file);
  }
  return [...byReal.values()];
}

/** The path itself if it leads nowhere: reading it reports that. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

/** What `patterns` must be, for a message. */
export const globsExpected =
  'a glob such as "config/tasks/**/*.yaml" or an array of them, none of them blank or with a NUL character, and at least one that does not begin with !';

/** Whether a value is a list of globs that can match something. */
export function areGlobs(globs: unknown): globs is readonly string[] {
  return (
    Array.isArray(globs) && globs.every(isGlob) && globs.some((glob: string) => !isExclusion(glob))
  );
}

/** No path contains a NUL, and the file system's error would not name the pattern. */
function isGlob(glob: unknown): glob is string {
  return typeof glob === "string" && glob.trim() !== "" && !glob.includes("\0");
}

/** The patterns that match no file. */
export async function findUnmatched(
  patterns: readonly string[],
  files: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const absolutes = new Set(files.map((file) => resolve(cwd, file)));
  const exclusions = patterns.filter(isExclusion);
  // A single pattern that found files matches.
  if (patterns.length - exclusions.length === 1 && files.length > 0) return [];
  const unmatched: string[] = [];
  for (const pattern of patterns) {
    // A shell may have expanded a glob to thousands of names. Names of files need no search.
    if (isExclusion(pattern) || absolutes.has(resolve(cwd, pattern))) continue;
    if ((await findFiles([pattern, ...exclusions], cwd)).length === 0) unmatched.push(pattern);
  }
  return unmatched;
}

function isExclusion(pattern: string): boolean {
  return pattern.startsWith("!");
}

/**
 * Whether any folder that the patterns search exists.
 *
 * @throws the system's error if one exists and cannot be read: otherwise it would look like an empty folder.
 */
export async function anyFolderExists(patterns: readonly string[], cwd: string): Promise<boolean> {
  const found = await Promise.all(
    patterns
      .filter((pattern) => !isExclusion(pattern))
      .map((pattern) => isReadable(resolve(cwd, staticBase(pattern)))),
  );
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

/** The folders of a pattern before the first that has a wildcard; all except the last segment if none has. */
function staticBase(pattern: string): string {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[\]{}()!+@]/.test(segment));
  return (
    segments.slice(0, wild === -1 ? -1 : wild).join("/") || (pattern.startsWith("/") ? "/" : ".")
  );
}
