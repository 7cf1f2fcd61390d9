import type { Logger } from "@tasker-observability/core";

/** Logs an outage of a folder: each cause once, however often a scan fails, and the end once. */
export class FolderOutage {
  readonly #logger: Logger;
  readonly #reported = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  report(error: unknown): void {
    const cause = String(error);
    if (this.#reported.has(cause)) return;
    this.#reported.add(cause);
    this.#logger(
      "warn",
      "the template folder could not be read: the templates read before are still served",
      {
        error,
      },
    );
  }

  end(): void {
    if (this.#reported.size === 0) return;
    this.#reported.clear();
    this.#logger("info", "the template folder can be read again");
  }
}
