/**
 * Connections that had requests waiting are read from again one in each turn of the event loop: Node parses all that has come
 * of one at a time, up to 64 KB, and all of them together would hold up everybody else for most of a second.
 */
export class ReadQueue {
  readonly #queue: (() => void)[] = [];

  /** @param read - called in its turn. */
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
