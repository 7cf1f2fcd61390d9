import { queueNameOf } from "@tasker-observability/core";
import { assertStored } from "@tasker-observability/producer/sql";
import type { SqlConnection, SqlRow, SqlStatement } from "@tasker-observability/postgres";
import { notifyListenersSql } from "./notify-trigger.js";
import { type QueueTriggers, readQueueTriggers, toArrayText } from "./queue-triggers.js";
import {
  enqueuedAtMicrosSql,
  fenceColumnsSql,
  matchesFenceSql,
  toFenceRow,
  toMessageKey,
  visibleAtMicrosSql,
} from "./claim-fence.js";
import { type ClaimedMessage, type Fence, readBody, formatMessageKey } from "./step-message.js";
import type { StepTransactions } from "./step-transactions.js";

/** The queues of one namespace. */
export interface NamespaceQueues {
  readonly namespace: string;
  readonly stepQueue: string;
  readonly deadLetterQueue: string;
  readonly eventQueue: string;
}

/** By Tasker's naming. */
export function queuesOf(namespace: string): NamespaceQueues {
  return {
    namespace,
    stepQueue: queueNameOf(namespace),
    deadLetterQueue: `${namespace}_dead_letter`,
    eventQueue: `${namespace}_domain_events`,
  };
}

/** The queue operations that steps need. Every call is one transaction. */
export interface StepQueues {
  /** A claim that does not return in time is rolled back, and uses no attempt. */
  claim(queueName: string, limit: number): Promise<ClaimedMessage[]>;
  /**
   * Hides the messages for another full visibility time-out, except those that are locked, as while their outcome is
   * written.
   */
  renew(queueName: string, fences: readonly Fence[]): Promise<Renewal>;
  /** Reads how the queues notify of inserts. */
  readTriggers(queueNames: readonly string[]): Promise<readonly QueueTriggers[]>;
  /**
   * Inserts no rows into the queues, which still fires their statement triggers. All or nothing. Waits 100 ms for a
   * table that is in use.
   */
  insertNoRows(queueNames: readonly string[]): Promise<void>;
  /** Runs a statement that sends. All or nothing. @throws NotStoredError if a trigger kept a step out. */
  enqueue(statement: SqlStatement): Promise<void>;
  /** Notifies the listeners of a channel. */
  notify(channel: string): Promise<void>;
  /** Notifies the workers that listen for steps of these queues. */
  notifyOfRelease(queueNames: readonly string[], payload: string): Promise<void>;
}

/**
 * The messages that this worker still owns, by `formatMessageKey`, with their current `visibleAtMicros`; null for those
 * that were not renewed because they are locked, perhaps by this worker.
 */
export type Renewal = ReadonlyMap<string, string | null>;

export interface StepQueuesOptions {
  readonly transactions: StepTransactions;
  readonly visibilityTimeoutSeconds: number;
  /** Milliseconds that sending waits for a lock. */
  readonly sendLockTimeoutMs: number;
}

/** Steps on PGMQ queues. Queue names come from namespaces, which are checked to be plain identifiers. */
export function createStepQueues(options: StepQueuesOptions): StepQueues {
  const { transactions, visibilityTimeoutSeconds, sendLockTimeoutMs } = options;
  const query = (statement: SqlStatement): Promise<readonly SqlRow[]> =>
    transactions.run((connection) => connection.query(statement));
  return Object.freeze({
    async claim(queueName: string, limit: number) {
      const rows = await query({
        name: "tasker_claim_text",
        text: claimSql,
        values: [queueName, visibilityTimeoutSeconds, limit],
      });
      return rows.map((row) => toClaim(queueName, row));
    },
    async renew(queueName: string, fences: readonly Fence[]) {
      const values = [JSON.stringify(fences.map(toFenceRow)), visibilityTimeoutSeconds];
      const rows = await query({
        name: `tasker_renew_${queueName}`,
        text: renewSql(queueName),
        values,
      });
      return new Map(
        rows.map((row) => [formatMessageKey(toMessageKey(row)), toText(row.visible_at_micros)]),
      );
    },
    readTriggers: (queueNames: readonly string[]) => readQueueTriggers({ query }, queueNames),
    async insertNoRows(queueNames: readonly string[]) {
      await transactions.runAutocommit({ text: insertNoRowsSql(queueNames) });
    },
    async enqueue(statement: SqlStatement) {
      // PGMQ's own trigger notifies under a lock, which lasts until the sender's transaction ends.
      const send = async (connection: SqlConnection): Promise<void> => {
        const rows = await connection.query(statement);
        assertStored(rows, `Steps for ${String(statement.values?.[0])}`);
      };
      await transactions.run(send, { lockTimeoutMs: sendLockTimeoutMs });
    },
    async notify(channel: string) {
      await transactions.runAutocommit({
        text: "select pg_notify($1::text, '')",
        values: [channel],
      });
    },
    async notifyOfRelease(queueNames: readonly string[], payload: string) {
      const values = [toArrayText(queueNames), payload];
      await transactions.runAutocommit({ text: notifyListenersSql, values });
    },
  });
}

function toClaim(queueName: string, row: SqlRow): ClaimedMessage {
  return {
    queueName,
    ...toMessageKey(row),
    readCount: Number(row.read_ct),
    visibleAtMicros: toText(row.visible_at_micros),
    ageMs: Number(row.age_ms),
    ...readBody(toText(row.message), toText(row.headers)),
  };
}

function toText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

// `headers` is the column of the outer `none` where PGMQ's records have none of their own, as before 1.5.
const claimSql = `select msg_id::text as msg_id, ${enqueuedAtMicrosSql}::text as enqueued_at_micros, ${visibleAtMicrosSql}::text as visible_at_micros, read_ct, message::text as message,
       (select headers::text from (select claimed.*) as own) as headers,
       greatest(extract(epoch from clock_timestamp() - enqueued_at) * 1000, 0)::float8 as age_ms
  from pgmq.read($1::text, $2::int, $3::int) as claimed cross join (select null::jsonb as headers) as none`;

// A statement that writes outcomes locks their messages until it ends. Waiting for it would keep all others from being
// renewed.
const renewSql = (queueName: string): string => `with wanted as materialized (
  select * from json_to_recordset($1::text::json) as wanted(${fenceColumnsSql})),
ours as materialized (
  select wanted.* from wanted join pgmq.q_${queueName} as queue on ${matchesFenceSql}),
free as materialized (
  select wanted.msg_id from wanted join pgmq.q_${queueName} as queue on ${matchesFenceSql} for update of queue skip locked),
renewed as (
  update pgmq.q_${queueName} as queue set vt = clock_timestamp() + $2::int * interval '1 second'
    from free where queue.msg_id = free.msg_id
  returning queue.msg_id, ${visibleAtMicrosSql}::text as visible_at_micros)
select ours.msg_id::text as msg_id, ours.enqueued_at_micros::text as enqueued_at_micros, renewed.visible_at_micros
  from ours left join renewed using (msg_id)`;

// A block, so that it is one statement with its own settings for any number of queues.
const insertNoRowsSql = (queueNames: readonly string[]): string => `do $$ begin
perform pg_catalog.set_config('lock_timeout', '100', true), pg_catalog.set_config('row_security', 'on', true);
${queueNames.map((name) => `insert into pgmq.q_${name} (vt, message) select pg_catalog.now(), 'null' where false;`).join("\n")}
end $$`;
