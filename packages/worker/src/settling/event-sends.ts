import type { SqlConnection } from "@tasker-observability/postgres";
import { isNotStorable, NotStoredError } from "../queues/sql-failure.js";
import type { EventRow } from "./outcome-queues.js";
import { encodeEventText, isCommittedText, sendEventText } from "./outcome-statements.js";

/** What one transaction has sent, by the transaction's id. */
export type SentEvents = Map<EventRow, string>;

/** The transactions that sent an event and of whose commit no answer came. */
const triedIn = new WeakMap<EventRow, readonly string[]>();

/** Remembers what a transaction has sent that may be committed: an outcome that is written again sends nothing twice. */
export function rememberUncertainCommit(sent: SentEvents): void {
  for (const [event, id] of sent) triedIn.set(event, [...(triedIn.get(event) ?? []), id]);
}

/** An event, which is JSON already, as a row for the statement that writes its outcome. */
export function eventJson(event: EventRow): string {
  const { queueName, text, headers } = event;
  const tries = triedIn.get(event);
  const rest = JSON.stringify({
    queue_name: queueName,
    ...(headers === undefined ? {} : { headers }),
    ...(tries === undefined ? {} : { tried_in: tries }),
  });
  return `${rest.slice(0, -1)},"message":${text}}`;
}

/** Sends an event by itself, where no earlier transaction has: under the lock of its step's message. */
export async function sendEvent(
  connection: SqlConnection,
  event: EventRow,
  sent: SentEvents,
): Promise<void> {
  const { queueName, text, headers } = event;
  if (await isSent(connection, event)) return;
  const values = [queueName, text, ...(headers === undefined ? [] : [JSON.stringify(headers)])];
  const [row] = await connection.query({ text: sendEventText(headers !== undefined), values });
  if (row === undefined) throw new NotStoredError(`Events of ${queueName}`);
  sent.set(event, String(row.transaction_id));
}

async function isSent(connection: SqlConnection, event: EventRow): Promise<boolean> {
  const tries = triedIn.get(event);
  if (tries === undefined) return false;
  const [row] = await connection.query({ text: isCommittedText, values: [JSON.stringify(tries)] });
  return row?.is_committed === true;
}

/**
 * An event that was refused is tried without its queue: a trigger, a constraint or an index may refuse with the same code what can be
 * written once somebody has mended them.
 *
 * @returns why the database can never hold the event. @throws `refusal` where it can.
 */
export async function findEncodingError(
  connection: SqlConnection,
  { text, headers }: EventRow,
  refusal: unknown,
): Promise<unknown> {
  try {
    // JSON's null is headers like any others to the cast.
    await connection.query({
      text: encodeEventText,
      values: [text, JSON.stringify(headers ?? null)],
    });
  } catch (error) {
    if (!isNotStorable(error)) throw error;
    await connection.query({ text: "rollback to savepoint before_attempt" });
    return error;
  }
  throw refusal;
}
