import { join } from "node:path";
import type { Supervisor } from "./supervisor.js";
import { readLogTail } from "./server-log.js";

/** How a server ended. */
export interface EmbeddedPostgresExit {
  /** Whether `stop` was called. */
  readonly expected: boolean;
  /** The server's exit code (128 + N after signal N); null if the shell that started it was killed. */
  readonly code: number | null;
  /** The last lines of its log if the end was unexpected, else empty. */
  readonly log: string;
}

/** A server from the first accepted connection to its end. */
export function toServerHandle(supervisor: Supervisor): {
  stop(): Promise<void>;
  readonly exited: Promise<EmbeddedPostgresExit>;
} {
  let letGo: (how: "stopped") => void = () => undefined;
  const stopped = new Promise<"stopped">((resolve) => (letGo = resolve));
  const exited = Promise.race([stopped, supervisor.serverGone, supervisor.exited]).then(
    async (how) => {
      const expected = how === "stopped";
      const log = expected ? "" : await readLogTail(join(supervisor.folder, "log"));
      return { expected, code: await supervisor.release(), log };
    },
  );
  return {
    exited,
    stop: async () => {
      letGo("stopped");
      await exited;
    },
  };
}
