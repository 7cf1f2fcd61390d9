import { readFileSync, statSync } from "node:fs";
import type { ProbeKeySource } from "./probe-request.js";

/** A key has a few dozen bytes. */
const maxBytes = 65_536;

/**
 * The headers that carry the API key: none if no key is given.
 *
 * @throws Error in one line, without the key, that says why it cannot be used.
 */
export function readKeyHeaders({ env, file, header }: ProbeKeySource): Record<string, string> {
  if (env === undefined && file === undefined) return {};
  const [option, key] =
    file === undefined
      ? [`--api-key-env ${env}`, process.env[env ?? ""] ?? ""]
      : ["--api-key-file", readKeyFile(file)];
  if (key === "") throw new Error(`${option} contains no API key.`);
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error(`${option}: an API key must be one line of printable ASCII without spaces.`);
  return { [header]: key };
}

/** What a status 401 or 403 says of the key; null for any other. */
export function refusedKey(status: number, key: object): string | null {
  if (status !== 401 && status !== 403) return null;
  return Object.keys(key).length === 0
    ? `the worker requires an API key (HTTP ${status}): pass one with --api-key-env NAME or --api-key-file PATH`
    : `the worker does not accept this API key (HTTP ${status})`;
}

function readKeyFile(path: string): string {
  try {
    // Before reading: a pipe or a device may never end.
    const found = statSync(path);
    if (!found.isFile() || found.size > maxBytes) throw new Error("it is not an API key file");
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`--api-key-file cannot be read: ${code ?? message}.`, { cause: error });
  }
}
