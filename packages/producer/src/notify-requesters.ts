/** The first key of the advisory locks by which workers ask for notifications. An arbitrary number, the same for all. */
export const notifyLockClass = 724_631_395;

/** SQL that is true while a worker asks for notification of inserts into the table that `table`, an SQL expression, names. It never waits. */
export function isRequestedSql(table: string): string {
  const keys = `${notifyLockClass}, pg_catalog.hashtext(${table})`;
  return `(not case when pg_catalog.pg_try_advisory_lock(${keys}) then pg_catalog.pg_advisory_unlock(${keys}) else false end)`;
}

/**
 * SQL that notifies those who ask to hear of a queue, where inserts do not notify.
 * @param queueName - an SQL expression, as the payload is.
 */
export function notifyRequestersSql(queueName: string, payload: string): string {
  return `case when ${isRequestedSql(`'q_' || ${queueName}`)} then pg_catalog.pg_notify('pgmq.q_' || ${queueName} || '.INSERT', ${payload}) end`;
}

/** The payload of what a sender notifies by itself: it says nothing about the trigger. */
export const enqueuePayload = "enqueue";
