import { systemClock } from "@tasker-observability/core";
import { fromPgPool, type SqlClient } from "@tasker-observability/postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import type { ClaimedMessage } from "../queues/step-message.js";
import { createStepQueues, queuesOf } from "../queues/step-queues.js";
import { createStepTransactions } from "../queues/step-transactions.js";
import type { DeadLetterMetadata } from "../settling/dead-letter.js";
import type { UncertainSends } from "../settling/event-sends.js";
import {
  createOutcomeStore,
  type OutcomeRow,
  type OutcomeTarget,
} from "../settling/outcome-store.js";
import { createWorkerHarness, type DeadLetterRow, type WorkerHarness } from "./worker-harness.js";

let harness: WorkerHarness;

/** Gives the tests of a file a database in which each of them finds the queues of `payments` new. */
export function usePaymentsQueues(): void {
  beforeAll(async () => (harness = await createWorkerHarness()));
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
    await harness.query(
      "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter', 'payments_domain_events']) as name",
    );
  });
}

export const databaseUrl = (): string => harness.database.url;
export const query: WorkerHarness["query"] = (text, values) => harness.query(text, values);
export const count = (table: string): Promise<number> => harness.count(table);
export const deadLetters = (): Promise<DeadLetterRow[]> => harness.deadLetters();

export const queue = "payments_queue";
export const queues = queuesOf("payments");
export const completion: OutcomeTarget = { kind: "completed", queues };
export const retry: OutcomeTarget = { kind: "retried", queues };
export const deadLetter: OutcomeTarget = { kind: "dead_lettered", queues };
export const metadata: DeadLetterMetadata = {
  reason: { code: "step_failed", message: "no" },
  queue_name: queue,
  msg_id: "1",
  attempts: 1,
  worker_id: "w",
  dead_lettered_at: "2025-01-01T00:00:00.000Z",
};

/** Statements on the queues by a connection of their own, which `wrap` can put something before. */
export function openQueues({
  url = databaseUrl(),
  wrap = (client) => client,
  uncertainSends,
}: {
  readonly url?: string;
  readonly wrap?: ((client: SqlClient) => SqlClient) | undefined;
  readonly uncertainSends?: UncertainSends | undefined;
} = {}) {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const transactions = createStepTransactions({
    client: wrap(fromPgPool(pool)),
    clock: systemClock,
    statementTimeoutMs: 10_000,
    closing: new AbortController().signal,
  });
  const lines: string[] = [];
  return {
    ...createStepQueues({
      transactions,
      visibilityTimeoutSeconds: 3_600,
      sendLockTimeoutMs: 10_000,
    }),
    ...createOutcomeStore({
      transactions,
      breaker: { execute: (call) => call() },
      logger: (_level, message) => lines.push(message),
      uncertainSends,
    }),
    send: (queueName: string, message: unknown) =>
      pool.query("select pgmq.send($1, $2::jsonb)", [queueName, JSON.stringify(message)]),
    lines,
  };
}

/** Sends messages and claims them. */
export async function claimNew(
  test: ReturnType<typeof openQueues>,
  ...messages: readonly unknown[]
): Promise<readonly ClaimedMessage[]> {
  for (const message of messages) await test.send(queue, message);
  const claims = await test.claim(queue, messages.length);
  return [...claims].sort((one, other) => Number(one.messageId) - Number(other.messageId));
}

export const completed = (fence: ClaimedMessage): OutcomeRow => ({ fence });
export const retried = (fence: ClaimedMessage, uncounted_claims = 0): OutcomeRow => ({
  fence,
  delay_ms: 0,
  uncounted_claims,
  visible_at_micros: fence.visibleAtMicros,
});
export const deadLettered = (fence: ClaimedMessage): OutcomeRow => ({ fence, metadata });
export const rows = (): Promise<unknown[]> =>
  query("select read_ct, vt > now() + interval '30 minutes' as hidden from pgmq.q_payments_queue");
export const archivedIds = async (): Promise<unknown[]> =>
  (
    await query<{ msg_id: string }>(
      "select msg_id from pgmq.a_payments_queue order by archived_at, abs(msg_id), msg_id desc",
    )
  ).map(({ msg_id }) => Number(msg_id));
