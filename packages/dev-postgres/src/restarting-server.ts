import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createBackoff, sleep, withDeadline } from "@tasker-observability/core";
import type { RestartOptions } from "./embedded-postgres-options.js";
import { readLogTail } from "./server-log.js";
import { type ServerPlan, type StartedServer, startServer } from "./server-start.js";

/** `lost`: it ended too often and is not restarted. */
export type ServerState = "running" | "restarting" | "lost";

/** The number of starts in a row; a server that has run for a minute resets it. */
const maxStarts = 5;
const stableAfterMs = 60_000;
const delays = { firstMs: 500, maxMs: 8_000 };

/** Restarts a server whenever it ends, until it is stopped. */
export class RestartingServer {
  readonly #plan: ServerPlan;
  readonly #options: RestartOptions;
  readonly #folder: string;
  readonly #stopping = new AbortController();
  readonly #backoff = createBackoff(delays);
  #state: ServerState = "running";
  #starts = 0;
  readonly #ended: Promise<void>;

  constructor(plan: ServerPlan, first: StartedServer, options: RestartOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#folder = first.supervisor.folder;
    this.#ended = this.#run(first);
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Resolves when the server has ended and its folder is deleted. Idempotent. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(first: StartedServer): Promise<void> {
    let server: StartedServer | null = first;
    while (server !== null) {
      const startedAtMs = this.#options.clock.monotonicMs();
      const { supervisor } = server;
      await withDeadline(Promise.race([supervisor.serverGone, supervisor.exited]), {
        signal: this.#stopping.signal,
        onGiveUp: () => undefined,
      });
      if (this.#stopping.signal.aborted) {
        await supervisor.release();
        return;
      }
      if (this.#options.clock.monotonicMs() - startedAtMs >= stableAfterMs) {
        this.#starts = 0;
        this.#backoff.reset();
      }
      this.#state = "restarting";
      this.#options.onEnd(await readLogTail(join(this.#folder, "log")));
      server = await this.#startAgain(server);
    }
    await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /**
   * Null if restarts have ended, or a stop is requested. The shell of the previous server keeps the folder until the
   * next one takes it over.
   */
  async #startAgain(former: StartedServer): Promise<StartedServer | null> {
    const { signal } = this.#stopping;
    let isKept = true;
    while (this.#starts < maxStarts) {
      await sleep(this.#backoff.next(), { clock: this.#options.clock, signal });
      this.#starts += 1;
      if (isKept) await former.supervisor.release(!signal.aborted);
      isKept = false;
      if (signal.aborted) return null;
      try {
        return await this.#startOnce(former.password);
      } catch (error) {
        this.#options.onFailure(error, false);
      }
    }
    if (isKept) await former.supervisor.release();
    this.#state = "lost";
    this.#options.onFailure(
      new Error(`The server exited ${maxStarts} times in a row, or failed to start.`),
      true,
    );
    return null;
  }

  async #startOnce(password: string): Promise<StartedServer> {
    const server = await startServer({
      ...this.#plan,
      folder: this.#folder,
      adopted: true,
      password,
    });
    if (server.password !== password) {
      await server.supervisor.release();
      throw new Error("The data folder belongs to another server: its password differs.");
    }
    this.#state = "running";
    this.#options.onRestart();
    return server;
  }
}
