import type { Writable } from "node:stream";

/** The most bytes buffered for the reader of a stream: enough for a burst of lines. */
const maxWaitingBytes = 1_048_576;

/**
 * Writes lines to a stream. If the reader stalls, up to 1 MiB is buffered; later lines are dropped, until it has read half of that.
 *
 * @param onResume - called when the reader reads again, with the number of dropped lines.
 */
export function createBoundedLines(
  stream: Writable,
  onResume: (droppedLines: number) => void,
): (line: string) => void {
  let dropped = 0;
  const resume = (): void => {
    if (dropped === 0 || stream.writableLength > maxWaitingBytes / 2) return;
    const lines = dropped;
    dropped = 0;
    onResume(lines);
  };
  stream.on("drain", resume);
  return (line) => {
    resume();
    // Once a line is dropped, the next ones are too: a gap in the middle would mislead.
    if (dropped > 0 || stream.writableLength + Buffer.byteLength(line) > maxWaitingBytes)
      dropped += 1;
    else stream.write(line);
  };
}
