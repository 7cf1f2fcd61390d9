/** The size limit of a frame without its newline, in both directions. */
export const maxFrameBytes = 1_048_576;

const newline = 0x0a;

/** Receives the frames that a splitter finds. */
export interface FrameSink {
  onFrame(text: string): void;
  /** A frame exceeded the limit; its rest is discarded. */
  onOversized(): void;
}

/** Splits a stream of bytes into lines, and buffers at most one frame. */
export class FrameSplitter {
  readonly #sink: FrameSink;
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #skipping = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      this.#end(chunk, from, end);
      from = end + 1;
    }
    if (from < chunk.length) this.#buffer(from === 0 ? chunk : chunk.subarray(from));
  }

  /** The stream has ended. A rest without a newline is a line too. */
  end(): void {
    const frame = this.#takeBuffered();
    if (frame !== null && frame !== "") this.#sink.onFrame(frame);
  }

  #end(chunk: Buffer, from: number, end: number): void {
    if (this.#bufferedBytes === 0 && !this.#skipping) {
      if (end - from > maxFrameBytes) this.#sink.onOversized();
      else if (end > from) this.#sink.onFrame(chunk.toString("utf8", from, end));
      return;
    }
    this.#buffer(chunk.subarray(from, end));
    const frame = this.#takeBuffered();
    if (frame !== null) this.#sink.onFrame(frame);
  }

  /** Null if it was too long. */
  #takeBuffered(): string | null {
    const frame = this.#skipping ? null : Buffer.concat(this.#buffered).toString("utf8");
    this.#clear();
    this.#skipping = false;
    return frame;
  }

  #buffer(part: Buffer): void {
    if (this.#skipping) return;
    this.#buffered.push(part);
    this.#bufferedBytes += part.length;
    if (this.#bufferedBytes <= maxFrameBytes) return;
    this.#clear();
    this.#skipping = true;
    this.#sink.onOversized();
  }

  #clear(): void {
    this.#buffered = [];
    this.#bufferedBytes = 0;
  }
}
