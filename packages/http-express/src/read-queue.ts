/**
 * Resumes reading from paused connections, one in each turn of the event loop. Node parses up to 64 KB of one
 * at once; all of them in one turn would block the event loop for most of a second.
 */
export class ReadQueue {
  readonly #queue: (() => void)[] = [];

  /** @param read - resumes a connection; called in a later turn. */
  add(read: () => void): void {
    this.#queue.push(read);
    if (this.#queue.length === 1) setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const read = this.#queue.shift();
    if (this.#queue.length > 0) setImmediate(this.#next);
    read?.();
  };
}
