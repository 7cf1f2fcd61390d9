import type { Logger, SqlConnection } from "@tasker-observability/core";
import { toFenceRow, toMessageKey } from "./claim-fence.js";
import type { DeadLetterNotes } from "./dead-letter.js";
import type { OutcomeKind } from "./outcome.js";
import { outcomeText, sharedColumnsText } from "./outcome-statements.js";
import { isFaultOfItems, sqlStateOf } from "./sql-failure.js";
import { type Fence, textOfKey } from "./step-message.js";
import type { NamespaceQueues } from "./step-queues.js";
import type { StepTransactions } from "./step-transactions.js";

/** An outcome as a statement is given it. */
export interface OutcomeRow {
  readonly fence: Fence;
  /** Of a retry: milliseconds until it is visible, and how many of its claims were no attempts. */
  readonly delay_ms?: number;
  readonly given_back?: number;
  /** What its message is to carry from now on, over what it has. */
  readonly mark?: Readonly<Record<string, unknown>>;
  /** Of a dead letter. */
  readonly notes?: DeadLetterNotes;
}

/** Where outcomes of one kind are written. */
export interface OutcomeTarget {
  readonly kind: OutcomeKind;
  readonly queues: NamespaceQueues;
}

/** Writes outcomes to PGMQ. Every call is one transaction, and writes only what is still ours: nobody has claimed it since. */
export interface OutcomeQueues {
  /** All or nothing. @returns those that it wrote, by `textOfKey`. */
  write(target: OutcomeTarget, rows: readonly OutcomeRow[]): Promise<ReadonlySet<string>>;
  /**
   * Writes an outcome that was refused, in the first of its forms that the database takes.
   * @returns whether it was still ours. @throws what the database says of the last form.
   */
  writeAlone(target: OutcomeTarget, forms: readonly OutcomeRow[]): Promise<boolean>;
}

export interface OutcomeQueuesOptions {
  readonly transactions: StepTransactions;
  readonly logger: Logger;
}

export function createOutcomeQueues(options: OutcomeQueuesOptions): OutcomeQueues {
  return Object.freeze({
    write: (target: OutcomeTarget, rows: readonly OutcomeRow[]) =>
      mended(options, target, (isReused) =>
        options.transactions.run((connection) => write(connection, { target, rows, isReused })),
      ),
    writeAlone: (target: OutcomeTarget, forms: readonly OutcomeRow[]) =>
      mended(options, target, (isReused) =>
        options.transactions.run((connection) =>
          writeFirst(connection, { target, rows: forms, isReused }),
        ),
      ),
  });
}

interface Batch {
  readonly target: OutcomeTarget;
  readonly rows: readonly OutcomeRow[];
  /** Whether the archive has ids of these messages already. */
  readonly isReused: boolean;
}

async function write(
  connection: SqlConnection,
  { target, rows, isReused }: Batch,
): Promise<ReadonlySet<string>> {
  const { kind, queues } = target;
  const sharedColumns = isReused ? await readSharedColumns(connection, queues) : null;
  const written = await connection.query({
    // Statements that differ need names that differ.
    ...(isReused ? {} : { name: `tasker_${kind}_${queues.steps}` }),
    text: outcomeText({ kind, queues, sharedColumns }),
    values: [JSON.stringify(rows.map(({ fence, ...row }) => ({ ...toFenceRow(fence), ...row })))],
  });
  return new Set(written.map((row) => textOfKey(toMessageKey(row))));
}

async function readSharedColumns(
  connection: SqlConnection,
  { steps }: NamespaceQueues,
): Promise<string> {
  const [row] = await connection.query({ text: sharedColumnsText, values: [steps] });
  return String(row?.columns);
}

async function writeFirst(
  connection: SqlConnection,
  { rows: forms, ...batch }: Batch,
): Promise<boolean> {
  for (const [index, form] of forms.entries()) {
    await connection.query({ text: "savepoint before_outcome" });
    try {
      return (await write(connection, { ...batch, rows: [form] })).size > 0;
    } catch (error) {
      if (index === forms.length - 1 || !isFaultOfItems(error)) throw error;
      await connection.query({ text: "rollback to savepoint before_outcome" });
    }
  }
  return false;
}

/** Runs `run`; where its failure can be mended, it is mended and `run` tried once more. */
async function mended<T>(
  options: OutcomeQueuesOptions,
  target: OutcomeTarget,
  run: (isReused: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await run(false);
  } catch (error) {
    const state = sqlStateOf(error);
    // A queue that counts anew (unlogged after a crash, restored, dropped and made again) gives out ids that its archive knows.
    if (state === "23505" && target.kind !== "retry") {
      if (target.kind === "dead_letter") await advanceIds(options, target.queues.deadLetters);
      return run(true);
    }
    if (state === "42P01" && (await remake(options, target))) return run(false);
    throw error;
  }
}

/** Has a queue count on from its newest message: one that was restored may be behind, and gives out ids that it has. */
async function advanceIds(
  { transactions }: OutcomeQueuesOptions,
  queueName: string,
): Promise<void> {
  const sequence = `pg_get_serial_sequence('pgmq.q_${queueName}', 'msg_id')`;
  const text = `select setval(${sequence}, newest) from (select max(msg_id) as newest from pgmq.q_${queueName}) as queue where newest > nextval(${sequence})`;
  // Where the role may not, what comes next is refused, and that is told.
  await transactions.run((connection) => connection.query({ text })).catch(() => undefined);
}

/** Makes the queue of dead letters anew where it is missing. @returns whether it was, and could be made. */
async function remake(
  { transactions, logger }: OutcomeQueuesOptions,
  { kind, queues: { deadLetters } }: OutcomeTarget,
): Promise<boolean> {
  if (kind !== "dead_letter") return false;
  const make = {
    text: "select pgmq.create($1::text) where to_regclass('pgmq.q_' || $1::text) is null",
    values: [deadLetters],
  };
  try {
    const made = await transactions.run((connection) => connection.query(make));
    if (made.length > 0)
      logger("warn", "a queue was missing and has been created", { queue: deadLetters });
    return made.length > 0;
  } catch {
    // That it is missing is what has to be told.
    return false;
  }
}
