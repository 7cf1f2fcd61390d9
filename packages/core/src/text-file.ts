import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** What a file holds, or why it could not be read: `cannot be read (ENOENT)`, to stand behind the file's name. */
export type TextFile = { readonly text: string; readonly problem: null } | { readonly text: null; readonly problem: string };

/**
 * Reads a file that somebody named: a regular one, of UTF-8, of at most `maxBytes` bytes. A pipe or a device, which may
 * never end, is not read, nor waited for. Never throws.
 */
export function readTextFile(path: string, maxBytes: number): TextFile {
  try {
    // Without it, opening a pipe waits until somebody writes to it.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readDescriptor(descriptor, maxBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return refuse(`cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown error"})`);
  }
}

function readDescriptor(descriptor: number, maxBytes: number): TextFile {
  const status = fstatSync(descriptor);
  if (status.isDirectory()) return refuse("is a folder, where a file is expected");
  if (!status.isFile()) return refuse("is no regular file");
  const bytes = readAtMost(descriptor, maxBytes + 1);
  if (bytes.byteLength > maxBytes) return refuse(`is larger than ${maxBytes} bytes`);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
  } catch {
    return refuse("is not UTF-8 text");
  }
}

/** Not as much as the size says: a file can grow, and one of /proc says 0. */
function readAtMost(descriptor: number, bytes: number): Uint8Array {
  const buffer = new Uint8Array(bytes);
  let end = 0;
  for (let read = -1; read !== 0 && end < bytes; end += read) read = readSync(descriptor, buffer, end, bytes - end, null);
  return buffer.subarray(0, end);
}

function refuse(problem: string): TextFile {
  return { text: null, problem };
}
