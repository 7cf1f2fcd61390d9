import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { copyPrograms } from "./copy-programs.js";
import { Leash, type LeashOptions } from "./leash.js";
import { readLogTail } from "./server-log.js";
import { untilReady } from "./server-ready.js";

/** All that is decided before anything runs. */
export interface ServerPlan extends LeashOptions {
  /** The folder of `initdb` and `postgres`. */
  readonly programs: string;
  readonly startTimeoutMs: number;
  /** Of the superuser of a database that is made. */
  readonly password: string;
}

/** A server that accepts connections. */
export interface StartedServer {
  readonly leash: Leash;
  readonly dataDirectory: string;
  readonly pid: number;
  readonly password: string;
}

/**
 * Starts the leash, has it make the database where there is none, and waits until the server accepts connections.
 *
 * @throws Error with the end of what PostgreSQL said, when everything that was started has gone again.
 */
export async function startServer(plan: ServerPlan): Promise<StartedServer> {
  const leash = await startLeash(plan);
  try {
    await handOver(leash, plan);
    const pid = Number(await leash.nextLine());
    const dataDirectory = join(leash.folder, "data");
    await untilReady({ dataDirectory, pid, gone: leash.serverGone }, plan.startTimeoutMs);
    const password = (await readFile(join(dataDirectory, "embedded-password"), "utf8")).trim();
    leash.unref();
    return { leash, dataDirectory, pid, password };
  } catch (cause) {
    const log = await readLogTail(join(leash.folder, "log"));
    await leash.release(plan.adopted);
    throw startError(cause, plan, [leash.stderr, log]);
  }
}

/** Whether another process took the port between our look and the server's. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes("Address already in use");
}

async function startLeash(plan: ServerPlan): Promise<Leash> {
  try {
    return await Leash.start(plan);
  } catch (cause) {
    throw startError(cause, plan, []);
  }
}

async function handOver(leash: Leash, plan: ServerPlan): Promise<void> {
  await leash.readFolder();
  const scratch = await leash.nextLine();
  leash.say(plan.programs);
  const reachable = (await leash.nextLine()) === "reachable";
  leash.say(reachable ? plan.programs : await copyPrograms(plan.programs, scratch, plan.user));
  // Any user of the machine can connect to a loopback port: so a password, not trust. It costs initdb nothing,
  // and SCRAM keeps it from whoever listens on the port after us. A database that was kept has its own already.
  leash.say(plan.password);
}

function startError(cause: unknown, plan: ServerPlan, said: readonly string[]): Error {
  const what = cause instanceof Error ? cause.message : String(cause);
  const user =
    plan.user === null
      ? ""
      : `PostgreSQL refuses to run as root, so it was to run as the user ${plan.user.uid}: this process must be allowed to become that user, and that user to use the folder.`;
  const advice = "Put that right, or set DATABASE_URL to a PostgreSQL server of your own.";
  return new Error(
    [`The embedded PostgreSQL did not start: ${what}.`, ...said, user, advice]
      .filter((line) => line !== "")
      .join("\n"),
    { cause },
  );
}
