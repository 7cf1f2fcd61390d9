import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { copyPrograms } from "./copy-programs.js";
import { Supervisor, type SupervisorOptions } from "./supervisor.js";
import { readLogTail } from "./server-log.js";
import { untilReady } from "./server-ready.js";

/** Everything that is decided before anything runs. */
export interface ServerPlan extends SupervisorOptions {
  /** The folder of `initdb` and `postgres`. */
  readonly programs: string;
  readonly startTimeoutMs: number;
  /** The password of the superuser of a new database. */
  readonly password: string;
}

/** A server that accepts connections. */
export interface StartedServer {
  readonly supervisor: Supervisor;
  readonly dataDirectory: string;
  readonly pid: number;
  readonly password: string;
}

/**
 * Starts the supervisor, has it create the database if there is none, and waits until the server accepts connections.
 *
 * @throws Error with the end of PostgreSQL's output, once everything that was started has ended.
 */
export async function startServer(plan: ServerPlan): Promise<StartedServer> {
  const supervisor = await startSupervisor(plan);
  try {
    await handOver(supervisor, plan);
    const pid = Number(await supervisor.nextLine());
    const dataDirectory = join(supervisor.folder, "data");
    await untilReady({ dataDirectory, pid, gone: supervisor.serverGone }, plan.startTimeoutMs);
    const password = (await readFile(join(dataDirectory, "embedded-password"), "utf8")).trim();
    supervisor.unref();
    return { supervisor, dataDirectory, pid, password };
  } catch (cause) {
    const log = await readLogTail(join(supervisor.folder, "log"));
    await supervisor.release(plan.adopted);
    throw startError(cause, plan, [supervisor.stderr, log]);
  }
}

/** Whether another process took the port between our check and the server's start. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes("Address already in use");
}

async function startSupervisor(plan: ServerPlan): Promise<Supervisor> {
  try {
    return await Supervisor.start(plan);
  } catch (cause) {
    throw startError(cause, plan, []);
  }
}

async function handOver(supervisor: Supervisor, plan: ServerPlan): Promise<void> {
  await supervisor.readFolder();
  const scratch = await supervisor.nextLine();
  supervisor.say(plan.programs);
  const reachable = (await supervisor.nextLine()) === "reachable";
  supervisor.say(reachable ? plan.programs : await copyPrograms(plan.programs, scratch, plan.user));
  // Any user of the machine can connect to a loopback port: so a password, not trust. It costs initdb nothing,
  // and SCRAM keeps it from whoever listens on the port after us. A database that was kept has its own already.
  supervisor.say(plan.password);
}

function startError(cause: unknown, plan: ServerPlan, said: readonly string[]): Error {
  const what = cause instanceof Error ? cause.message : String(cause);
  const user =
    plan.user === null
      ? ""
      : `PostgreSQL refuses to run as root, so it must run as the user ${plan.user.uid}: this process must be allowed to switch to that user, and that user needs access to the folder.`;
  const advice = "Fix that, or use your own PostgreSQL server.";
  return new Error(
    [`The embedded PostgreSQL did not start: ${what}.`, ...said, user, advice]
      .filter((line) => line !== "")
      .join("\n"),
    { cause },
  );
}
