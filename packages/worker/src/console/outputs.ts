import type { Writable } from "node:stream";
import { withDeadline } from "@tasker-observability/core";

/** A line could not be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** Whether nobody reads any more, as `head` does not once it has its lines: that is no failure of who writes. */
  readonly isReaderGone: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(`The output could not be written: ${cause.code ?? cause.name}.`, { cause });
    this.isReaderGone = cause.code === "EPIPE" || cause.code === "ERR_STREAM_DESTROYED";
  }
}

/**
 * Writes a line, and resolves when it is on its way to the reader: who awaits it writes no faster than is read.
 * @throws OutputError
 */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${line}\n`, (error) => (error ? reject(new OutputError(error)) : resolve()));
  });
}

/** Lets the process outlive whoever read its output: what is written then is lost, and ends neither the work nor the drain. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Resolves when everything written is on its way to its readers, and after 2 s: one that reads nothing must not keep a worker that has stopped. */
export async function flushOutputs(timeoutMs = 2_000): Promise<void> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
  );
  await withDeadline(Promise.all(flushed), {
    timeoutMs,
    holdsProcess: true,
    onGiveUp: () => undefined,
  });
}
