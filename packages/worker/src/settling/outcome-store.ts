import type { Logger } from "@tasker-observability/core";
import type { SqlConnection } from "@tasker-observability/postgres";
import { toFenceRow, toMessageKey } from "../queues/claim-fence.js";
import type { Breaker } from "./breaker.js";
import type { DeadLetterMetadata } from "./dead-letter.js";
import { createQueueRepair, type QueueRepair } from "../queues/queue-repair.js";
import type { EventRow } from "./event-row.js";
import { EventSends, findStorageError, type UncertainSends } from "./event-sends.js";
import type { WrittenOutcomeKind } from "./outcome.js";
import { findArchivedSql, outcomeSql, commonColumnsSql } from "./outcome-statements.js";
import {
  failureScope,
  isCommitUncertain,
  NotStoredError,
  sqlStateOf,
} from "../queues/sql-failure.js";
import { type Fence, formatMessageKey } from "../queues/step-message.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { StepTransactions } from "../queues/step-transactions.js";

/** An outcome as a statement is given it. */
export interface OutcomeRow {
  readonly fence: Fence;
  /** @default none */
  readonly events?: readonly EventRow[];
  /** Of a retry: milliseconds until it is visible, and how many of its claims were no attempts. */
  readonly delay_ms?: number;
  readonly uncounted_claims?: number;
  /** Of a retry: until when its message is hidden. Null where that is not known: then none of its claims goes uncounted. */
  readonly visible_at_micros?: string | null;
  /** Keys that are added to its message. */
  readonly added_keys?: Readonly<Record<string, unknown>>;
  /** Of a dead letter. */
  readonly metadata?: DeadLetterMetadata;
  /** Whether its message has headers. @default false */
  readonly has_headers?: boolean;
}

/** Where outcomes of one kind are written. */
export interface OutcomeTarget {
  readonly kind: WrittenOutcomeKind;
  readonly queues: NamespaceQueues;
}

/** The result of writing one outcome alone. */
export interface WriteOneResult {
  /** False when another worker has claimed the message: nothing was written. */
  readonly isWritten: boolean;
  /** The events that the database can never store, each with the reason. */
  readonly rejectedEvents: ReadonlyMap<EventRow, unknown>;
}

/** Writes outcomes, each with its events, to PGMQ. Each call is one transaction and writes only what no other worker has claimed since. */
export interface OutcomeStore {
  /** All or nothing. @returns what it wrote, by `formatMessageKey`. @throws NotStoredError when a trigger kept something out. */
  write(target: OutcomeTarget, rows: readonly OutcomeRow[]): Promise<ReadonlySet<string>>;
  /**
   * Writes a refused outcome in the first candidate that the database accepts, without the events that it can never store.
   * @throws the database's error for the last candidate, or for an event that it could store once somebody repairs the cause.
   */
  writeOne(target: OutcomeTarget, candidates: readonly OutcomeRow[]): Promise<WriteOneResult>;
  /** @returns what an earlier call has written whose commit got no answer, by `formatMessageKey`. Finds no retries: they leave no trace. */
  findWritten(target: OutcomeTarget, rows: readonly OutcomeRow[]): Promise<ReadonlySet<string>>;
}

export interface OutcomeStoreOptions {
  readonly transactions: StepTransactions;
  /** Milliseconds that a transaction may take, in which the messages are locked. @default the time-out of all transactions */
  readonly limitMs?: number | undefined;
  /** Leaves a database that is in trouble alone for a while. */
  readonly breaker: Pick<Breaker, "execute">;
  readonly logger: Logger;
  /** @default none yet */
  readonly uncertainSends?: UncertainSends | undefined;
}

export function createOutcomeStore(options: OutcomeStoreOptions): OutcomeStore {
  const {
    transactions,
    breaker,
    limitMs,
    uncertainSends = new WeakMap<EventRow, readonly string[]>(),
  } = options;
  const repair = createQueueRepair(options);
  const transact = async <T>(
    use: (connection: SqlConnection, sends: EventSends) => Promise<T>,
  ): Promise<T> => {
    const sends = new EventSends(uncertainSends);
    try {
      return await transactions.run((connection) => use(connection, sends), { limitMs });
    } catch (error) {
      if (isCommitUncertain(error)) sends.rememberUncertainCommit();
      throw error;
    }
  };
  const run = <T>(
    batch: Batch,
    use: (connection: SqlConnection, batch: Batch, sends: EventSends) => Promise<T>,
  ): Promise<T> =>
    breaker.execute(() =>
      withRepair(repair, batch, (repaired) =>
        transact((connection, sends) => use(connection, repaired, sends)),
      ),
    );
  return Object.freeze({
    write: (target: OutcomeTarget, rows: readonly OutcomeRow[]) =>
      run({ target, rows, hasArchivedIds: false }, write),
    writeOne: (target: OutcomeTarget, candidates: readonly OutcomeRow[]) =>
      run({ target, rows: candidates, hasArchivedIds: false }, writeOne),
    async findWritten({ kind, queues }: OutcomeTarget, rows: readonly OutcomeRow[]) {
      if (kind === "retried") return new Set<string>();
      const values = [JSON.stringify(rows.map(({ fence }) => toFenceRow(fence)))];
      const found = await breaker.execute(() =>
        transactions.run((connection) =>
          connection.query({ text: findArchivedSql(queues), values }),
        ),
      );
      return new Set(found.map((row) => formatMessageKey(toMessageKey(row))));
    },
  });
}

interface Batch {
  readonly target: OutcomeTarget;
  readonly rows: readonly OutcomeRow[];
  /** Whether the archive has ids of these messages already. */
  readonly hasArchivedIds: boolean;
}

async function write(
  connection: SqlConnection,
  { target: { kind, queues }, rows, hasArchivedIds }: Batch,
  sends: EventSends,
): Promise<ReadonlySet<string>> {
  const commonColumns = hasArchivedIds ? await readCommonColumns(connection, queues) : null;
  const hasEvents = rows.some(({ events = [] }) => events.length > 0);
  // Only a PGMQ that knows headers can have given a message some.
  const hasHeaders =
    (hasEvents || kind === "dead_lettered") && rows.some((row) => row.has_headers === true);
  const variant = `${hasEvents ? "_e" : ""}${hasHeaders ? "_h" : ""}`;
  const [answer] = await connection.query({
    // Statements that differ need names that differ: a queue ends in `_queue`, and a variant does not.
    ...(hasArchivedIds ? {} : { name: `tasker_${kind}_${queues.stepQueue}${variant}` }),
    text: outcomeSql({ kind, queues, commonColumns, hasEvents, hasHeaders }),
    values: [`[${rows.map((row) => toJson(row, sends)).join()}]`],
  });
  if (answer?.is_stored !== true) throw new NotStoredError(`Outcomes of ${queues.stepQueue}`);
  const written = toKeys(answer.written, rows);
  for (const { fence, events = [] } of rows)
    if (written.has(formatMessageKey(fence)))
      for (const event of events) sends.markSent(event, String(answer.transaction_id));
  return written;
}

/** Null stands for all rows. */
function toKeys(written: unknown, rows: readonly OutcomeRow[]): ReadonlySet<string> {
  if (typeof written !== "string") return new Set(rows.map(({ fence }) => formatMessageKey(fence)));
  return new Set(written === "" ? [] : written.split(","));
}

function toJson({ fence, events = [], ...row }: OutcomeRow, sends: EventSends): string {
  const json = JSON.stringify({ ...toFenceRow(fence), ...row });
  if (events.length === 0) return json;
  return `${json.slice(0, -1)},"events":[${events.map((event) => sends.toJson(event)).join()}]}`;
}

async function readCommonColumns(
  connection: SqlConnection,
  { stepQueue }: NamespaceQueues,
): Promise<string> {
  const [row] = await connection.query({ text: commonColumnsSql, values: [stepQueue] });
  return String(row?.columns);
}

async function writeOne(
  connection: SqlConnection,
  batch: Batch,
  sends: EventSends,
): Promise<WriteOneResult> {
  const rejectedEvents = new Map<EventRow, unknown>();
  const written = await firstAccepted(
    connection,
    batch.rows.map(
      (row) => () => write(connection, { ...batch, rows: [{ ...row, events: [] }] }, sends),
    ),
  );
  const isWritten = written.size > 0;
  for (const event of isWritten ? (batch.rows[0]?.events ?? []) : []) {
    const skipRejected = async (error: unknown): Promise<void> => {
      rejectedEvents.set(event, await findStorageError(connection, event, error));
    };
    await firstAccepted(connection, [() => sends.send(connection, event), skipRejected]);
  }
  return { isWritten, rejectedEvents };
}

/** Runs attempts until the database accepts one. Each is given the refusal before it; the transaction stays open. */
async function firstAccepted<T>(
  connection: SqlConnection,
  attempts: readonly ((refusal: unknown) => Promise<T>)[],
): Promise<T> {
  let refusal: unknown = null;
  for (const attempt of attempts) {
    await connection.query({ text: "savepoint before_attempt" });
    try {
      return await attempt(refusal);
    } catch (error) {
      if (error === refusal || failureScope(error) !== "rows") throw error;
      await connection.query({ text: "rollback to savepoint before_attempt" });
      refusal = error;
    }
  }
  throw refusal;
}

/** Runs `run`, and once more after repairing the cause of its failure, if it can be repaired. */
async function withRepair<T>(
  repair: QueueRepair,
  batch: Batch,
  run: (batch: Batch) => Promise<T>,
): Promise<T> {
  try {
    return await run(batch);
  } catch (error) {
    const { target, rows } = batch;
    const state = sqlStateOf(error);
    if (state !== "23505" && state !== "42P01") throw error;
    const sentTo = [
      ...new Set([
        ...(target.kind === "dead_lettered" ? [target.queues.deadLetterQueue] : []),
        ...rows.flatMap(({ events = [] }) => events.map(({ queueName }) => queueName)),
      ]),
    ];
    if (state === "42P01") {
      if (!(await repair.createMissing(sentTo))) throw error;
      return run(batch);
    }
    // A queue that counts anew (unlogged after a crash, restored, dropped and made again) gives out ids that its archive knows.
    await repair.advanceIds(sentTo);
    return run({ ...batch, hasArchivedIds: target.kind !== "retried" });
  }
}
