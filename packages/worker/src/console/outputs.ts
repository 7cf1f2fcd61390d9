import type { Writable } from "node:stream";
import { withDeadline } from "@tasker-observability/core";

/** A line could not be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** Whether the reader has left, as `head` does once it has its lines, which is not a failure of the writer. */
  readonly isReaderGone: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(`The output could not be written: ${cause.code ?? cause.name}.`, { cause });
    this.isReaderGone = cause.code === "EPIPE" || cause.code === "ERR_STREAM_DESTROYED";
  }
}

/**
 * Writes a line, and resolves when the system has taken it: a caller that awaits it writes no faster than the reader reads.
 * @throws OutputError
 */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${line}\n`, (error) => (error ? reject(new OutputError(error)) : resolve()));
  });
}

/** Keeps the process running after the reader of its output has left. Later output is lost. */
export function ignoreOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Resolves when the system has taken all output, or after the time-out: a reader that does not read must not delay the exit. */
export async function flushOutputs(timeoutMs = 2_000): Promise<void> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
  );
  await withDeadline(Promise.all(flushed), {
    timeoutMs,
    keepsProcessAlive: true,
    onGiveUp: () => undefined,
  });
}
