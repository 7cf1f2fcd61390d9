import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { failureMessage } from "@tasker-observability/health";
import pg from "pg";
import { WorkerStartError } from "../start-error.js";
import { sqlStateOf } from "../steps/sql-failure.js";
import { deadLettersUsage, type DeadLettersRequest, parseDeadLettersArguments } from "./arguments.js";
import { type DeadLetterChoice, type DeadLetterClient, findNamespaces, listDeadLetters, purgeDeadLetters, retryDeadLetters, type ShownDeadLetter } from "./dead-letter-store.js";

/**
 * `tasker-worker dead-letters …`.
 * @param print - takes one line.
 * @throws WorkerStartError that says what to do.
 */
export async function runDeadLetters(args: readonly string[], print: (line: string) => void, config: () => LoadedConfig = loadConfig): Promise<void> {
  const request = parseDeadLettersArguments(args);
  if (request === null) {
    print(deadLettersUsage);
    return;
  }
  const { url } = config().settings.common.database;
  if (url.empty) throw new WorkerStartError("There is no database to ask: set common.database.url (DATABASE_URL). A worker's embedded database goes when the worker goes.");
  await inTransaction(url.reveal(), async (client) => {
    const namespaces = request.namespace === null ? await findNamespaces(client) : [request.namespace];
    for (const namespace of namespaces) await act(client, request, { ...request, namespace }, print);
  }).catch((error: unknown) => refuse(error, request));
}

async function act(client: DeadLetterClient, { action, dryRun, json }: DeadLettersRequest, choice: DeadLetterChoice, print: (line: string) => void): Promise<void> {
  if (action === "list" || dryRun) {
    const letters = await listDeadLetters(client, choice);
    for (const letter of letters) print(json ? toJson(letter) : toLine(letter));
    if (action !== "list") print(`${letters.length} dead ${letters.length === 1 ? "letter" : "letters"} of ${choice.namespace} would be ${action === "retry" ? "retried" : "purged"}`);
    return;
  }
  const count = await (action === "retry" ? retryDeadLetters : purgeDeadLetters)(client, choice);
  print(`${count} dead ${count === 1 ? "letter" : "letters"} of ${choice.namespace} ${action === "retry" ? "retried" : "purged"}`);
}

function toLine({ namespace, msg_id, dead_lettered_at, attempts, step_id, step, code, reason }: ShownDeadLetter): string {
  const words = [namespace, msg_id, dead_lettered_at ?? "-", `attempts=${attempts ?? "-"}`, step === null || step === "" ? "-" : step, step_id ?? "-", `${code ?? "-"}:`, reason ?? "-"];
  // Whatever a message says, a letter is one line and no terminal obeys it.
  return words.join(" ").replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
}

/** The letter's own text, so that no number loses its digits on the way. */
function toJson({ namespace, msg_id, text }: ShownDeadLetter): string {
  return `{"namespace":${JSON.stringify(namespace)},"msg_id":${JSON.stringify(msg_id)},"letter":${text}}`;
}

async function inTransaction(connectionString: string, use: (client: DeadLetterClient) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: "tasker-dead-letters", connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin; set local lock_timeout = '5s'; set local statement_timeout = '5min'");
    await use(client);
    await client.query("commit");
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refuse(error: unknown, { namespace }: DeadLettersRequest): never {
  if (sqlStateOf(error) === "42P01") {
    throw new WorkerStartError(namespace === null ? "This database has no PGMQ queues." : `There are no dead letters' queue and steps' queue of the namespace ${namespace} in this database.`, { cause: error });
  }
  throw new WorkerStartError(`The dead letters could not be reached: ${failureMessage(error)}. Nothing was changed.`, { cause: error });
}
