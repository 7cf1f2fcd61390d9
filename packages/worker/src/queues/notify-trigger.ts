import {
  isRequestedSql,
  notifyRequestersSql,
  notifyLockClass,
} from "@tasker-observability/producer/sql";

export { enqueuePayload } from "@tasker-observability/producer/sql";

/** PostgreSQL's name of the trigger and of its function in the schema `pgmq`. */
export const notifyTriggerName = "tasker_notify_insert";

/** PGMQ's own trigger: it updates one row of `pgmq.notify_insert_throttle` for each insert, so that senders wait for each other. */
export const pgmqTriggerName = "trigger_notify_queue_insert_listeners";

/** PGMQ's channel of a queue, which the trigger notifies too: PGMQ folds table names to lower case. */
export function channelOf(queueName: string): string {
  return `pgmq.q_${queueName.toLowerCase()}.INSERT`;
}

/** The reverse of {@link channelOf}. */
export function queueOfChannel(channel: string): string {
  return channel.slice("pgmq.q_".length, -".INSERT".length);
}

/**
 * Requests notification of inserts into the queues `$1::text[]` for the rest of the session: each row says whether
 * the lock was granted (`is_granted`).
 */
export const requestNotificationSql = `select name, pg_catalog.pg_try_advisory_lock_shared(${notifyLockClass}, pg_catalog.hashtext('q_' || name)) as is_granted from unnest($1::text[]) as wanted(name)`;

/** Withdraws the request for `$1::text[]`. */
export const withdrawRequestSql = `select pg_catalog.pg_advisory_unlock_shared(${notifyLockClass}, pg_catalog.hashtext('q_' || name)) from unnest($1::text[]) as wanted(name)`;

const releasePrefix = "returned ";

/** The payload of a worker's notification when it releases steps. @param sender - distinguishes workers. */
export function releasePayload(sender: string): string {
  return `${releasePrefix}${sender}`;
}

export function isReleasePayload(payload: string): boolean {
  return payload.startsWith(releasePrefix);
}

/** Notifies the workers that request it for any of the queues `$1::text[]`, with the payload `$2`. */
export const notifyListenersSql = `select ${notifyRequestersSql("name", "$2::text")} from unnest($1::text[]) as wanted(name)`;

const functionBody = `
begin
  -- Only while a worker asks for it: transactions that notify commit one after the other.
  if ${isRequestedSql("tg_table_name")} then
    perform pg_catalog.pg_notify(pg_catalog.concat('pgmq.', tg_table_name, '.INSERT'), '');
  end if;
  return null;
end `;

/**
 * Senders need no right on the function, and its owner gets none of theirs. All names in it are qualified, so that a
 * sender's search_path cannot replace them. A SET clause would do the same, but cost each insert 5 µs more.
 */
export const createFunctionSql = `create or replace function pgmq.${notifyTriggerName}() returns trigger
language plpgsql security definer as $body$${functionBody}$body$`;

/**
 * Whether the function exists as above, with an owner that senders can trust: this role, a superuser, or the owner of
 * the schema. Null if there is none of that name.
 */
export const functionStateSql = `select p.prosecdef and p.prosrc = $1 and (p.proowner = n.nspowner or r.rolsuper or r.rolname = current_user) as is_usable
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_roles r on r.oid = p.proowner
 where n.nspname = 'pgmq' and p.proname = '${notifyTriggerName}' and p.pronargs = 0`;

/** The value of `$1` in {@link functionStateSql}. */
export const functionSource: string = functionBody;

/** @param queueName - a plain identifier. */
export function createTriggerSql(queueName: string): string {
  return `create trigger ${notifyTriggerName} after insert on pgmq.q_${queueName} for each statement execute function pgmq.${notifyTriggerName}()`;
}

/** @param queueName - a plain identifier. */
export function dropTriggerSql(queueName: string): string {
  return `drop trigger if exists ${notifyTriggerName} on pgmq.q_${queueName}`;
}
