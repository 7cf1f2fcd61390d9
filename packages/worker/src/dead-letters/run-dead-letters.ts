import { loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { failureMessage } from "@tasker-observability/health";
import pg from "pg";
import { OutputError } from "../command/outputs.js";
import { WorkerStartError } from "../start-error.js";
import { sqlStateOf } from "../steps/sql-failure.js";
import { deadLettersUsage, type DeadLettersRequest, parseDeadLettersArguments } from "./arguments.js";
import { type DeadLetterChoice, type DeadLetterClient, findNamespaces, purgeDeadLetters, readDeadLetters, retryDeadLetters, type ShownDeadLetter } from "./dead-letter-store.js";

const undefinedTable = "42P01";

/** Where the command's lines go, one at a time: no more is read of the database while one is under way. */
export interface DeadLettersOutput {
  /** What was asked for. */
  readonly print: (line: string) => Promise<void>;
  /** What is to be known beside it. */
  readonly note: (line: string) => Promise<void>;
}

/**
 * `tasker-worker dead-letters …`.
 * @throws WorkerStartError that says what to do.
 */
export async function runDeadLetters(args: readonly string[], output: DeadLettersOutput, config: () => LoadedConfig = loadConfig): Promise<void> {
  const request = parseDeadLettersArguments(args);
  if (request === null) {
    await output.print(deadLettersUsage);
    return;
  }
  const { url } = config().settings.common.database;
  if (url.empty) throw new WorkerStartError("There is no database to ask: set common.database.url (DATABASE_URL). A worker's embedded database goes when the worker goes.");
  await inTransaction(url.reveal(), (client) => (request.action === "list" ? list(client, request, output) : act(client, request, output))).catch((error: unknown) => refuse(error, request));
}

async function list(client: DeadLetterClient, request: DeadLettersRequest, { print, note }: DeadLettersOutput): Promise<void> {
  let left = request.limit ?? Number.POSITIVE_INFINITY;
  for (const namespace of await namespacesOf(client, request)) {
    // One more than is shown tells whether there are more.
    for await (const letter of readDeadLetters(client, { ...request, namespace, limit: request.limit === null ? null : left + 1 }, { isWhole: request.json })) {
      if (left === 0) {
        await (request.json ? note : print)("… there are more: --limit <n> says how many are shown");
        return;
      }
      await print(request.json ? toJson(letter) : toLine(letter));
      left -= 1;
    }
  }
}

async function namespacesOf(client: DeadLetterClient, { namespace }: DeadLettersRequest): Promise<string[]> {
  if (namespace !== null) return [namespace];
  return findNamespaces(client).catch((error: unknown) => {
    throw sqlStateOf(error) === undefinedTable ? new WorkerStartError("This database has no PGMQ queues.", { cause: error }) : error;
  });
}

async function act(client: DeadLetterClient, request: DeadLettersRequest, { print }: DeadLettersOutput): Promise<void> {
  const { action, dryRun, json } = request;
  for (const namespace of await namespacesOf(client, request)) {
    const choice = { ...request, namespace };
    const count = await (dryRun ? show(client, choice, json, print) : action === "retry" ? retryDeadLetters(client, choice) : purgeDeadLetters(client, choice));
    const done = action === "retry" ? "retried" : "purged";
    await print(json ? JSON.stringify({ namespace, action, dry_run: dryRun, count }) : `${count} dead ${count === 1 ? "letter" : "letters"} of ${namespace} ${dryRun ? "would be " : ""}${done}`);
  }
}

/** @returns how many there are. */
async function show(client: DeadLetterClient, choice: DeadLetterChoice, json: boolean, print: DeadLettersOutput["print"]): Promise<number> {
  let count = 0;
  for await (const letter of readDeadLetters(client, choice, { isWhole: json })) {
    await print(json ? toJson(letter) : toLine(letter));
    count += 1;
  }
  return count;
}

/** What a terminal obeys, is led astray by or breaks a line at; format characters turn the order of what follows about. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function toLine({ namespace, msg_id, dead_lettered_at, attempts, step_id, step, code, reason }: ShownDeadLetter): string {
  const words = [namespace, msg_id, dead_lettered_at ?? "-", `attempts=${attempts ?? "-"}`, step === null || step === "" ? "-" : step, step_id ?? "-", `${code ?? "-"}:`, reason ?? "-"];
  // Whatever a message says, a letter is one line and no terminal obeys it.
  return words.join(" ").replace(unprintable, " ");
}

/** The letter's own text, so that no number loses its digits on the way; what is unprintable stands escaped in its strings. */
function toJson({ namespace, msg_id, text }: ShownDeadLetter): string {
  return `{"namespace":${JSON.stringify(namespace)},"msg_id":${JSON.stringify(msg_id)},"letter":${(text ?? "null").replace(unprintable, inEscapes)}}`;
}

function inEscapes(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
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
  if (error instanceof WorkerStartError || error instanceof OutputError) throw error;
  if (namespace !== null && sqlStateOf(error) === undefinedTable) {
    throw new WorkerStartError(`There are no dead letters' queue and steps' queue of the namespace ${namespace} in this database.`, { cause: error });
  }
  throw new WorkerStartError(`The dead letters could not be reached: ${failureMessage(error)}. Nothing was changed.`, { cause: error });
}
