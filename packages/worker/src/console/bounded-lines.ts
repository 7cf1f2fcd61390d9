import type { Writable } from "node:stream";

/** Bytes that may wait for the reader of a stream: more than a burst of lines, less than what a process would notice. */
const maxWaitingBytes = 1_048_576;

/**
 * Writes lines to a stream as long as somebody reads them. Where a reader stands still, without going away, what it leaves unread
 * is held up to 1 MiB; later lines are dropped, and counted until it has read half of that.
 *
 * @param onResume - called when the reader reads again, with the number of lines that it will not see.
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
    // Once one is dropped the next ones are too: lines with holes among them would mislead.
    if (dropped > 0 || stream.writableLength + Buffer.byteLength(line) > maxWaitingBytes)
      dropped += 1;
    else stream.write(line);
  };
}
