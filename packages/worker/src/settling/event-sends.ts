import type { SqlConnection } from "@tasker-observability/postgres";
import { isNotStorable, NotStoredError } from "../queues/sql-failure.js";
import type { EventRow } from "./event-row.js";
import { tryCastSql, isAnyCommittedSql, sendEventSql } from "./outcome-statements.js";

/** The transactions that sent an event and of whose commit no answer came. */
export type UncertainSends = WeakMap<EventRow, readonly string[]>;

/** Sends events in one transaction, each where no earlier transaction has: an outcome that is written again sends nothing twice. */
export class EventSends {
  readonly #uncertain: UncertainSends;
  /** The id of the transaction that sends them. */
  readonly #sentBy = new Map<EventRow, string>();

  constructor(uncertain: UncertainSends) {
    this.#uncertain = uncertain;
  }

  /** An event, which is JSON already, as a row for the statement that writes its outcome. */
  toJson(event: EventRow): string {
    const { queueName, text, headers } = event;
    const tries = this.#uncertain.get(event);
    const rest = JSON.stringify({
      queue_name: queueName,
      ...(headers === undefined ? {} : { headers }),
      ...(tries === undefined ? {} : { tried_in: tries }),
    });
    return `${rest.slice(0, -1)},"message":${text}}`;
  }

  /** Notes what the statement has sent. */
  markSent(event: EventRow, transactionId: string): void {
    this.#sentBy.set(event, transactionId);
  }

  /** Sends an event by itself: under the lock of its step's message. */
  async send(connection: SqlConnection, event: EventRow): Promise<void> {
    const { queueName, text, headers } = event;
    if (await this.#isSent(connection, event)) return;
    const values = [queueName, text, ...(headers === undefined ? [] : [JSON.stringify(headers)])];
    const [row] = await connection.query({ text: sendEventSql(headers !== undefined), values });
    if (row === undefined) throw new NotStoredError(`Events of ${queueName}`);
    this.markSent(event, String(row.transaction_id));
  }

  /** Remembers what the transaction has sent: no answer came to its commit. */
  rememberUncertainCommit(): void {
    for (const [event, id] of this.#sentBy)
      this.#uncertain.set(event, [...(this.#uncertain.get(event) ?? []), id]);
  }

  async #isSent(connection: SqlConnection, event: EventRow): Promise<boolean> {
    const tries = this.#uncertain.get(event);
    if (tries === undefined) return false;
    const values = [JSON.stringify(tries)];
    const [row] = await connection.query({ text: isAnyCommittedSql, values });
    return row?.is_committed === true;
  }
}

/**
 * An event that was refused is tried without its queue: a trigger, a constraint or an index may refuse with the same code what can be
 * written once somebody has mended them.
 *
 * @returns why the database can never store the event. @throws `refusal` where it can.
 */
export async function findStorageError(
  connection: SqlConnection,
  { text, headers }: EventRow,
  refusal: unknown,
): Promise<unknown> {
  try {
    // JSON's null is headers like any others to the cast.
    await connection.query({
      text: tryCastSql,
      values: [text, JSON.stringify(headers ?? null)],
    });
  } catch (error) {
    if (!isNotStorable(error)) throw error;
    await connection.query({ text: "rollback to savepoint before_attempt" });
    return error;
  }
  throw refusal;
}
