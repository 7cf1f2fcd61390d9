import type { SqlConnection } from "@tasker-observability/postgres";
import { notifyTriggerName, pgmqTriggerName } from "./notify-trigger.js";

/** A PostgreSQL array of plain identifiers, as text. */
export function toArrayText(names: readonly string[]): string {
  return `{${names.join(",")}}`;
}

/** A trigger of a table; `disabled` if inserts do not fire it, for example after `ALTER TABLE … DISABLE TRIGGER`. */
export type TriggerState = "enabled" | "disabled" | "none";

/** How a queue's table notifies of inserts. */
export interface QueueTriggers {
  readonly queueName: string;
  /** Whether the queue's table exists. */
  readonly exists: boolean;
  /** Whether this role may insert into it. */
  readonly mayInsert: boolean;
  /** This package's trigger, which costs senders nothing. */
  readonly taskerTrigger: TriggerState;
  /** PGMQ's trigger, whose row lock makes senders wait for each other. */
  readonly pgmqTrigger: TriggerState;
  /** PGMQ's throttle of the queue in milliseconds; null if it has none, or if it cannot be read. */
  readonly throttleMs: number | null;
  /** Whether PGMQ has a table of throttles that this role can read. */
  readonly isThrottleKnown: boolean;
}

/** PGMQ's throttle as an earlier version of this package set it, which is also PGMQ's default. */
const earlierThrottleMs = 250;

/**
 * Whether an earlier version of this package may have enabled PGMQ's trigger: it has the throttle of that version, or
 * none, as after a crash (the table of throttles is unlogged), and then does not notify.
 */
export function isLeftByEarlierVersion({
  pgmqTrigger,
  throttleMs,
  isThrottleKnown,
}: QueueTriggers): boolean {
  return (
    pgmqTrigger !== "none" &&
    isThrottleKnown &&
    (throttleMs ?? earlierThrottleMs) === earlierThrottleMs
  );
}

const triggersSql = `select name, to_regclass('pgmq.q_' || name) is not null as exists,
       coalesce(has_table_privilege(to_regclass('pgmq.q_' || name), 'insert'), false) as may_insert,
       ${stateSql(notifyTriggerName)} as tasker_trigger, ${stateSql(pgmqTriggerName)} as pgmq_trigger
  from unnest($1::text[]) as wanted(name)
  left join pg_catalog.pg_trigger t on t.tgrelid = to_regclass('pgmq.q_' || name) and t.tgname in ('${notifyTriggerName}', '${pgmqTriggerName}')
 group by name order by name`;

function stateSql(triggerName: string): string {
  return `case bool_or(t.tgenabled in ('O', 'A')) filter (where t.tgname = '${triggerName}') when true then 'enabled' when false then 'disabled' else 'none' end`;
}

const throttlesAreReadableSql =
  "select coalesce(has_table_privilege(to_regclass('pgmq.notify_insert_throttle'), 'select'), false) as yes";

const throttlesSql =
  "select queue_name, throttle_interval_ms from pgmq.notify_insert_throttle where queue_name = any ($1::text[])";

/** Reads the triggers of queues whose names are plain identifiers; needs only USAGE on the schema `pgmq`. */
export async function readQueueTriggers(
  connection: SqlConnection,
  queueNames: readonly string[],
): Promise<QueueTriggers[]> {
  const values = [toArrayText(queueNames)];
  const rows = await connection.query({ text: triggersSql, values });
  const throttles = rows.some(({ pgmq_trigger }) => pgmq_trigger !== "none")
    ? await readThrottles(connection, values)
    : null;
  return rows.map(({ name, exists, may_insert, tasker_trigger, pgmq_trigger }) => ({
    queueName: String(name),
    exists: exists === true,
    mayInsert: may_insert === true,
    taskerTrigger: tasker_trigger as TriggerState,
    pgmqTrigger: pgmq_trigger as TriggerState,
    throttleMs: throttles?.get(String(name)) ?? null,
    isThrottleKnown: throttles !== null,
  }));
}

/** Null if PGMQ is too old to have throttles, or if this role may not read them. */
async function readThrottles(
  connection: SqlConnection,
  values: readonly string[],
): Promise<ReadonlyMap<string, number> | null> {
  const [readable] = await connection.query({ text: throttlesAreReadableSql });
  if (readable?.yes !== true) return null;
  const rows = await connection.query({ text: throttlesSql, values });
  return new Map(
    rows.map(({ queue_name, throttle_interval_ms }) => [
      String(queue_name),
      Number(throttle_interval_ms),
    ]),
  );
}
