import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** A file's content, or why it could not be read: `cannot be read (ENOENT)`, to follow the file's name. */
export type TextFile =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: string };

/** Options of {@link readTextFile}. */
export interface TextFileOptions {
  /** Milliseconds to wait for a pipe's content: a program that decrypts may be writing it. @default 10000 */
  readonly pipeTimeoutMs?: number | undefined;
}

/**
 * Reads a UTF-8 file of at most `maxBytes` bytes: a regular file, or a pipe such as a shell's `<(…)`, whose content it
 * waits for. It does not read devices, which may never end. Never throws.
 */
export function readTextFile(
  path: string,
  maxBytes: number,
  { pipeTimeoutMs = 10_000 }: TextFileOptions = {},
): TextFile {
  try {
    // Without O_NONBLOCK, opening a pipe blocks until something writes to it.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readDescriptor(descriptor, maxBytes, pipeTimeoutMs);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return failure(
      codeOf(error) === "EAGAIN"
        ? `is a pipe that delivered no data for ${pipeTimeoutMs} ms`
        : `cannot be read (${codeOf(error)})`,
    );
  }
}

function readDescriptor(descriptor: number, maxBytes: number, pipeTimeoutMs: number): TextFile {
  // As bigints: plain numbers of a pipe stay in the buffer that Node's module loader reads, which then follows no link.
  const status = fstatSync(descriptor, { bigint: true });
  if (status.isDirectory()) return failure("is a folder instead of a file");
  if (!status.isFile() && !status.isFIFO())
    return failure("is a device or socket instead of a file");
  const bytes = readAtMost(maxBytes + 1, (buffer) =>
    readBeforeTimeout(descriptor, buffer, pipeTimeoutMs),
  );
  if (bytes.byteLength > maxBytes) return failure(`is larger than ${maxBytes} bytes`);
  if (bytes.byteLength === 0 && status.isFIFO()) return failure("is a pipe with no writer");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
  } catch {
    return failure("is not UTF-8 text");
  }
}

/** Ignores the file's size: a file can grow, and the size of one in /proc is 0. */
function readAtMost(most: number, read: (buffer: Uint8Array) => number): Uint8Array {
  const buffer = new Uint8Array(most);
  let end = 0;
  for (let length = -1; length !== 0 && end < most; end += length)
    length = read(buffer.subarray(end));
  return buffer.subarray(0, end);
}

/** @throws the system's EAGAIN if a pipe delivered no data for that long. */
function readBeforeTimeout(descriptor: number, buffer: Uint8Array, timeoutMs: number): number {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return readSync(descriptor, buffer, 0, buffer.byteLength, null);
    } catch (error) {
      if (codeOf(error) !== "EAGAIN" || performance.now() > untilMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pipeIntervalMs);
    }
  }
}

/** Milliseconds between two reads of a pipe. */
const pipeIntervalMs = 10;

function failure(problem: string): TextFile {
  return { text: null, problem };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
