import { maxFrameBytes } from "./frame-splitter.js";

/** The most bytes that a refusal in place of an answer takes: an id, escaped, and a message. */
const rejectionBytes = 2_048;

/** Gathers the answers to a batch into one frame, in which there is room for a refusal of each. */
export class BatchAnswer {
  readonly #answers: string[] = [];
  /** Two brackets and a newline; each answer's own newline stands for its comma, but for the last. */
  #bytes = 2;
  #awaited: number;

  /** @param size - how many answers there may be. */
  constructor(size: number) {
    this.#awaited = size;
  }

  /**
   * @param answer - a frame.
   * @param makeRejection - makes the frame that stands in its place where it is too large.
   */
  add(answer: string, makeRejection: () => string): void {
    this.#awaited -= 1;
    const room = maxFrameBytes + 1 - this.#awaited * rejectionBytes - this.#bytes;
    const frame = Buffer.byteLength(answer) <= room ? answer : makeRejection();
    this.#bytes += Buffer.byteLength(frame);
    this.#answers.push(frame.trimEnd());
  }

  /** Null where nothing was asked but notifications. */
  frame(): string | null {
    return this.#answers.length === 0 ? null : `[${this.#answers.join(",")}]\n`;
  }
}
