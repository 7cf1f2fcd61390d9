import { ObservabilityError, systemClock, type Clock } from "@tasker-observability/core";
import { clockOption, parseOptions, problemOf } from "@tasker-observability/core/options";
import {
  isStatementClient,
  runStatement,
  type SqlRow,
  type StatementClient,
} from "@tasker-observability/postgres";
import * as z from "zod/mini";
import { NotStoredError } from "./assert-stored.js";
import { isQueueMissing, toEnqueueError } from "./enqueue-error.js";
import { type EnqueueOptions, enqueueOptionsSchema } from "./enqueue-options.js";
import type { EnqueueStatement } from "./enqueue-statement.js";
import { enqueueStatements, joinStatements, type NamespacePart } from "./enqueue-statements.js";
import type { StepToEnqueue } from "./step-to-enqueue.js";

export const stepProducerOptionsSchema = z.strictObject({
  /** The database with the queues. It stays yours, and open. */
  database: z
    .custom<StatementClient>(isStatementClient, {
      error: ({ path = [], input }) =>
        problemOf(
          path,
          "a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { query: async (text, values) => rows } around any other",
          input,
        ),
    })
    .check(
      z.meta({
        type: "`pg` Pool or Client, postgres.js `sql`, a handle of Drizzle, Knex, Kysely, Neon, pg-promise, PGlite, Prisma, Sequelize or TypeORM, or `{ query }`",
      }),
    ),
  /** Whether to notify workers. With `"off"`, they find steps by polling; transactions that end in PREPARE TRANSACTION need this. @default "auto" */
  notifications: z._default(z.enum(["auto", "off"]), "auto"),
  /** The clock. @default the machine's */
  clock: z.optional(clockOption),
});
/** Options of {@link createStepProducer}. */
export type StepProducerOptions = z.input<typeof stepProducerOptionsSchema>;

/** A step that was put on its queue. */
export interface EnqueuedStep {
  /** The given or generated id, which logs, dead letters and handlers show. */
  readonly stepId: string;
  /** PGMQ's number of the message on its queue. */
  readonly messageId: string;
}

/** Puts steps on the queues of workers. */
export interface StepProducer {
  /**
   * Puts one step on the queue of its namespace, in one round trip.
   *
   * @throws ObservabilityError INVALID_PARAMS that names every mistake in the step, before anything is sent.
   * @throws EnqueueError if the queue, PGMQ or a right is missing; it says what to run. NotStoredError if one of your
   * triggers keeps the step out. Otherwise the driver's error.
   */
  enqueue(step: StepToEnqueue, options?: EnqueueOptions): Promise<EnqueuedStep>;
  /**
   * Puts steps on the queues of their namespaces, all or none, in one statement and one round trip.
   *
   * @returns in the order of the steps.
   * @throws as `enqueue`.
   */
  enqueueMany(
    steps: readonly StepToEnqueue[],
    options?: EnqueueOptions,
  ): Promise<readonly EnqueuedStep[]>;
}

/**
 * Sends steps without a worker. It opens, starts and closes nothing.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 * @example
 * const producer = createStepProducer({ database: pool });
 * const template = { namespace: "orders", name: "fulfill", version: "1.0.0" };
 * await producer.enqueue({ template, stepName: "ship", input: { order_id: 17 } }, { transaction: client });
 */
export function createStepProducer(options: StepProducerOptions): StepProducer {
  const {
    database,
    notifications,
    clock = systemClock,
  } = parseOptions("createStepProducer", stepProducerOptionsSchema, options);
  const sender: Sender = { database, notifies: notifications === "auto", clock };
  return Object.freeze({
    async enqueue(step: StepToEnqueue, how: EnqueueOptions = {}) {
      const { transaction } = parseOptions("enqueue", enqueueOptionsSchema, how);
      const [enqueued] = await send(sender, { steps: [step], transaction, nameOf: () => "step" });
      if (enqueued === undefined) throw new Error("The step was sent, and has no id.");
      return enqueued;
    },
    async enqueueMany(steps: readonly StepToEnqueue[], how: EnqueueOptions = {}) {
      const { transaction } = parseOptions("enqueueMany", enqueueOptionsSchema, how);
      if (!Array.isArray(steps))
        throw new ObservabilityError("INVALID_PARAMS", problemOf(["steps"], "an array", steps));
      return send(sender, { steps, transaction, nameOf: (index) => `steps[${index}]` });
    },
  });
}

interface Sender {
  readonly database: StatementClient;
  readonly notifies: boolean;
  readonly clock: Clock;
}

interface Sending {
  readonly steps: readonly StepToEnqueue[];
  readonly transaction: StatementClient | undefined;
  readonly nameOf: (index: number) => string;
}

async function send(
  { database, notifies, clock }: Sender,
  { steps, transaction, nameOf }: Sending,
): Promise<readonly EnqueuedStep[]> {
  if (steps.length === 0) return [];
  const nowMs = clock.wallMs();
  const enqueuedAt = new Date(nowMs).toISOString();
  const parts = enqueueStatements(steps, {
    nowMs,
    enqueuedAt,
    notifies,
    answersIds: true,
    nameOf,
  });
  let rows: readonly SqlRow[] | null;
  try {
    rows = await runStatement(transaction ?? database, joinStatements(parts));
  } catch (error) {
    const { queueName } = refusedPart(parts, error);
    // A failed transaction answers no more statements, and may have the pool's only connection.
    const mayAsk = transaction === undefined && isQueueMissing(error, queueName);
    const queueNames = mayAsk ? await findQueueNames(database) : [];
    throw toEnqueueError(error, { queueName, steps, queueNames });
  }
  return toEnqueuedSteps(parts, rows);
}

/** The statement whose queue the error names; the first if it names none. */
function refusedPart(parts: readonly NamespacePart[], error: unknown): EnqueueStatement {
  const statements = parts.map(({ statement }) => statement);
  const text = error instanceof Error ? error.message : "";
  const named =
    statements.find(({ queueName }) => text.includes(`q_${queueName}`)) ?? statements[0];
  if (named === undefined) throw error;
  return named;
}

function toEnqueuedSteps(
  parts: readonly NamespacePart[],
  rows: readonly SqlRow[] | null,
): readonly EnqueuedStep[] {
  const enqueued: EnqueuedStep[] = [];
  for (const [part, { statement, indexes }] of parts.entries()) {
    const answer = rows?.find((row) => Number(row.part) === part);
    if (answer === undefined)
      throw new Error(
        "The steps were sent, and the client gave no rows: roll back, and have its query return them, or { rows }.",
      );
    const messageIds = typeof answer.ids === "string" ? answer.ids.split(",") : [];
    if (messageIds.length < indexes.length)
      throw new NotStoredError(`Steps for ${statement.queueName}`);
    for (const [place, index] of indexes.entries())
      enqueued[index] = {
        stepId: statement.stepIds[place] ?? "",
        messageId: messageIds[place] ?? "",
      };
  }
  return enqueued;
}

/** Only for a message: empty if they cannot be read. */
async function findQueueNames(database: StatementClient): Promise<readonly string[]> {
  try {
    const text = "select queue_name::text as name from pgmq.meta where $1::text <> '' limit 1000";
    const rows = await runStatement(database, { text, values: ["any"] });
    return (rows ?? []).map(({ name }) => String(name));
  } catch {
    return [];
  }
}
