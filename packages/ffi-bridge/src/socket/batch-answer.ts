import { maxFrameBytes } from "./frame-splitter.js";

/** Gathers the answers to a batch into one frame. Once they fit none, it holds nothing more. */
export class BatchAnswer {
  #answers: string[] = [];
  /** Two brackets and a newline; each answer's own newline stands for its comma, but for the last. */
  #bytes = 2;

  get fits(): boolean {
    return this.#bytes <= maxFrameBytes + 1;
  }

  /** @param answer - a frame. */
  add(answer: string): void {
    this.#bytes += Buffer.byteLength(answer);
    if (this.fits) this.#answers.push(answer.trimEnd());
    else this.#answers = [];
  }

  /** Null where nothing was asked but notifications. */
  frame(): string | null {
    return this.#answers.length === 0 ? null : `[${this.#answers.join(",")}]\n`;
  }
}
