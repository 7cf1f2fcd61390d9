import { maxFrameBytes } from "./frame-splitter.js";

/** The most bytes of an error that replaces an answer: an escaped id and a message. */
const rejectionBytes = 2_048;

/** Joins the answers to a batch into one frame, with room for an error in place of each answer. */
export class BatchAnswer {
  readonly #answers: string[] = [];
  /** Two brackets and a newline. Each answer's newline counts for its comma; the last one has none. */
  #bytes = 2;
  #awaited: number;

  /** @param size - how many answers there may be. */
  constructor(size: number) {
    this.#awaited = size;
  }

  /**
   * @param answer - a frame.
   * @param makeRejection - makes the frame to send instead of an answer that is too large.
   */
  add(answer: string, makeRejection: () => string): void {
    this.#awaited -= 1;
    const remainingBytes = maxFrameBytes + 1 - this.#awaited * rejectionBytes - this.#bytes;
    const frame = Buffer.byteLength(answer) <= remainingBytes ? answer : makeRejection();
    this.#bytes += Buffer.byteLength(frame);
    this.#answers.push(frame.trimEnd());
  }

  /** Null if the batch contained only notifications. */
  frame(): string | null {
    return this.#answers.length === 0 ? null : `[${this.#answers.join(",")}]\n`;
  }
}
