import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { classifyFailure } from "@tasker-observability/core";
import { fromPgPool, type SqlConnection } from "@tasker-observability/postgres";
import pg from "pg";
import { prepareLock } from "../queues/prepare-lock.js";
import { OutputError } from "../console/outputs.js";
import { changeSchema, toPgmqConnection } from "@tasker-observability/pgmq/install";
import { WorkerStartError } from "../start-error.js";
import { isTransient, sqlStateOf } from "../queues/sql-failure.js";
import { queuesOf } from "../queues/step-queues.js";
import {
  type NotificationsRequest,
  notificationsUsage,
  parseNotificationsArguments,
} from "./arguments.js";
import {
  installStatements,
  installTriggers,
  missingFunction,
  removeStatements,
} from "./change-triggers.js";
import { type QueueTriggers, readQueueTriggers } from "../queues/queue-triggers.js";

/** Where the command's lines go. */
export interface NotificationsOutput {
  readonly print: (line: string) => Promise<void>;
}

/**
 * `tasker-worker notifications …`.
 * @throws WorkerStartError that says what to do; what could be done is done and printed by then.
 * @throws OutputError where its lines cannot be written.
 */
export async function runNotifications(
  args: readonly string[],
  { print }: NotificationsOutput,
  config: () => LoadedConfig = loadConfig,
): Promise<void> {
  const request = parseNotificationsArguments(args);
  if (request === null) return print(notificationsUsage);
  const { common, worker } = config().settings;
  const namespaces = request.namespaces ?? worker.namespaces;
  if (namespaces.length === 0)
    throw new WorkerStartError("Say whose queues: --namespace <name>, or set worker.namespaces.");
  if (common.database.url.empty)
    throw new WorkerStartError(
      "There is no database to ask: set common.database.url (DATABASE_URL). An embedded database stops with its worker.",
    );
  const queueNames = [...new Set(namespaces)].map((namespace) => queuesOf(namespace).steps);
  await withConnection(common.database.url.reveal(), async (connection) => {
    if (request.dryRun) return printStatements(connection, queueNames, { request, print });
    const problems =
      request.action === "status" ? [] : await change(connection, queueNames, request.action);
    const queues = await readQueueTriggers(connection, queueNames);
    for (const queue of queues) await print(`${queue.queueName} ${describe(queue)}`);
    if (problems.length > 0) throw new WorkerStartError(problems.join("\n"));
  });
}

async function withConnection(
  connectionString: string,
  use: (connection: SqlConnection) => Promise<void>,
): Promise<void> {
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    application_name: "tasker-notifications",
    connectionTimeoutMillis: 5_000,
  });
  pool.on("error", () => undefined);
  try {
    await fromPgPool(pool).withConnection(use, { signal: new AbortController().signal });
  } catch (error) {
    if (error instanceof WorkerStartError || error instanceof OutputError) throw error;
    const kind = classifyFailure(error);
    if (sqlStateOf(error) === null && !isTransient(kind)) throw error;
    throw new WorkerStartError(
      `The database could not be asked: ${kind}. It needs PGMQ, and a role that may use the schema pgmq.`,
      { cause: error },
    );
  } finally {
    await pool.end();
  }
}

async function printStatements(
  connection: SqlConnection,
  queueNames: readonly string[],
  {
    request: { action },
    print,
  }: { readonly request: NotificationsRequest; readonly print: NotificationsOutput["print"] },
): Promise<void> {
  const statementsOf = action === "install" ? installStatements : removeStatements;
  const statements = (await readQueueTriggers(connection, queueNames)).flatMap(statementsOf);
  const createFunction =
    action === "install" && statements.length > 0 ? await missingFunction(connection) : null;
  if (statements.length > 0) await print("set lock_timeout = '250ms';");
  if (createFunction !== null) await print(`${createFunction};`);
  for (const statement of statements) await print(`${statement};`);
}

/** Each queue in a transaction of its own. @returns what could not be done. */
async function change(
  connection: SqlConnection,
  queueNames: readonly string[],
  action: "install" | "remove",
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const queue of await readQueueTriggers(connection, queueNames)) {
    const { queueName } = queue;
    const statements = action === "install" ? installStatements(queue) : removeStatements(queue);
    if (!queue.exists) problems.push(`There is no queue ${queueName} in this database.`);
    if (statements.length === 0) continue;
    try {
      await changeSchema(toPgmqConnection(connection), { lock: prepareLock }, async () => {
        if (action === "install") await installTriggers(connection, [queueName]);
        else for (const text of statements) await connection.query({ text });
      });
    } catch (error) {
      problems.push(problemOf(queueName, error));
    }
  }
  return problems;
}

function problemOf(queueName: string, error: unknown): string {
  const state = sqlStateOf(error);
  if (state === "55P03")
    return `${queueName} is in use by a transaction that takes longer: run this again.`;
  if (state === "42501")
    return `${queueName} was left as it is, for want of a right: run this as the owner of its table pgmq.q_${queueName}, and of the function pgmq.tasker_notify_insert() where that is another's; or hand the owner what --dry-run prints.`;
  throw error;
}

function describe({ exists, ours, pgmq, throttleMs, isThrottleKnown }: QueueTriggers): string {
  if (!exists) return "is not there";
  const found: string[] = [];
  if (ours === "enabled") found.push("notifies, at no cost to senders");
  if (ours === "disabled") found.push("has the trigger, and it is disabled");
  if (pgmq === "enabled" && throttleMs === null && isThrottleKnown)
    found.push("has PGMQ's trigger, whose throttle is lost, as after a crash: it tells nobody");
  else if (pgmq === "enabled")
    found.push(
      `notifies by PGMQ's trigger${throttleMs === null ? "" : `, every ${throttleMs} ms at most`}: senders may wait for each other`,
    );
  if (pgmq === "disabled") found.push("has PGMQ's trigger, and it is disabled");
  return found.length === 0 ? "does not notify: polling finds its steps" : found.join("; ");
}
