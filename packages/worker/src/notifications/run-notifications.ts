import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { classifyFailure, fromPgPool, type SqlConnection } from "@tasker-observability/postgres";
import pg from "pg";
import { prepareLock } from "../queues/prepare-lock.js";
import { requireDatabaseUrl } from "../console/database-url.js";
import { formatGroupHelp } from "../console/format-group-help.js";
import { OutputError } from "../console/outputs.js";
import { changeSchema, toPgmqConnection } from "@tasker-observability/pgmq/install";
import { CommandError } from "../console/command-error.js";
import { isTransient, sqlStateOf } from "../queues/sql-failure.js";
import { queuesOf } from "../queues/step-queues.js";
import {
  type NotificationsRequest,
  notificationsCommands,
  parseNotificationsArguments,
} from "./arguments.js";
import {
  installStatements,
  installTriggers,
  findCreateFunctionSql,
  removeStatements,
} from "./change-triggers.js";
import { type QueueTriggers, readQueueTriggers } from "../queues/queue-triggers.js";

/** The command's output. */
export interface NotificationsOutput {
  readonly print: (line: string) => Promise<void>;
}

/**
 * Runs `tasker-worker notifications …`.
 * @throws CommandError that lists what failed and what to do, after the other queues are changed and printed.
 * @throws OutputError if its lines cannot be written.
 */
export async function runNotifications(
  args: readonly string[],
  { print }: NotificationsOutput,
  config: () => LoadedConfig = loadConfig,
): Promise<void> {
  const request = parseNotificationsArguments(args);
  if (request === null) return print(formatGroupHelp(notificationsCommands));
  const { settings } = config();
  const namespaces = request.namespaces ?? settings.worker.namespaces;
  if (namespaces.length === 0)
    throw new CommandError(
      "No namespace is given: use --namespace <name>, or set worker.namespaces.",
    );
  const queueNames = [...new Set(namespaces)].map((namespace) => queuesOf(namespace).stepQueue);
  await withConnection(requireDatabaseUrl(settings), async (connection) => {
    const problems = await runAction(connection, queueNames, { request, print });
    if (problems.length > 0) throw new CommandError(problems.join("\n"));
  });
}

interface NotificationsRun extends NotificationsOutput {
  readonly request: NotificationsRequest;
}

/** @returns the problems. */
async function runAction(
  connection: SqlConnection,
  queueNames: readonly string[],
  { request: { action, dryRun }, print }: NotificationsRun,
): Promise<readonly string[]> {
  if (action !== "status" && dryRun)
    return printStatements(connection, queueNames, { action, print });
  const problems = action === "status" ? [] : await change(connection, queueNames, action);
  const queues = await readQueueTriggers(connection, queueNames);
  for (const queue of queues) await print(`${queue.queueName} ${describe(queue)}`);
  return problems;
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
    if (error instanceof CommandError || error instanceof OutputError) throw error;
    const kind = classifyFailure(error);
    if (sqlStateOf(error) === null && !isTransient(kind)) throw error;
    throw new CommandError(
      `The database could not be read: ${kind}. It needs PGMQ, and a role that may use the schema pgmq.`,
      { cause: error },
    );
  } finally {
    await pool.end();
  }
}

/** Prints the statements for the queues that exist. @returns the problems. */
async function printStatements(
  connection: SqlConnection,
  queueNames: readonly string[],
  { action, print }: NotificationsOutput & { readonly action: Change },
): Promise<readonly string[]> {
  const queues = await readQueueTriggers(connection, queueNames);
  const statements = queues.flatMap(statementsOf(action));
  const createFunction =
    action === "install" && statements.length > 0 ? await findCreateFunctionSql(connection) : null;
  if (statements.length > 0) await print("set lock_timeout = '250ms';");
  if (createFunction !== null) await print(`${createFunction};`);
  for (const statement of statements) await print(`${statement};`);
  return queues.flatMap(missingProblem);
}

type Change = Exclude<NotificationsRequest["action"], "status">;

function statementsOf(action: Change): (queue: QueueTriggers) => readonly string[] {
  return action === "install" ? installStatements : removeStatements;
}

function missingProblem({ queueName, exists }: QueueTriggers): readonly string[] {
  return exists ? [] : [`There is no queue ${queueName} in this database.`];
}

/** Changes each queue in its own transaction. @returns the problems. */
async function change(
  connection: SqlConnection,
  queueNames: readonly string[],
  action: Change,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const queue of await readQueueTriggers(connection, queueNames)) {
    const { queueName } = queue;
    const statements = statementsOf(action)(queue);
    problems.push(...missingProblem(queue));
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
    return `${queueName} is locked by a long transaction: run this command again.`;
  if (state === "42501")
    return `${queueName} was not changed, because the role lacks a right: run this as the owner of the table pgmq.q_${queueName} and of the function pgmq.tasker_notify_insert(), or give the owners what --dry-run prints.`;
  throw error;
}

function describe({
  exists,
  taskerTrigger,
  pgmqTrigger,
  throttleMs,
  isThrottleKnown,
}: QueueTriggers): string {
  if (!exists) return "does not exist";
  const found: string[] = [];
  if (taskerTrigger === "enabled") found.push("notifies, at no cost to senders");
  if (taskerTrigger === "disabled") found.push("has the trigger, but it is disabled");
  if (pgmqTrigger === "enabled" && throttleMs === null && isThrottleKnown)
    found.push("has PGMQ's trigger, which lost its throttle, as after a crash: it does not notify");
  else if (pgmqTrigger === "enabled")
    found.push(
      `notifies by PGMQ's trigger${throttleMs === null ? "" : `, at most every ${throttleMs} ms`}: senders may wait for each other`,
    );
  if (pgmqTrigger === "disabled") found.push("has PGMQ's trigger, but it is disabled");
  return found.length === 0 ? "does not notify: polling finds its steps" : found.join("; ");
}
