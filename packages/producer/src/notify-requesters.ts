/**
 * The first key of the advisory locks with which workers request notifications. An arbitrary number, the same for all
 * workers.
 */
export const notifyLockClass = 724_631_395;

/**
 * SQL that is true while a worker requests notification of inserts into a table, named by the SQL expression `table`.
 * It never waits.
 */
export function isRequestedSql(table: string): string {
  const keys = `${notifyLockClass}, pg_catalog.hashtext(${table})`;
  return `(not case when pg_catalog.pg_try_advisory_lock(${keys}) then pg_catalog.pg_advisory_unlock(${keys}) else false end)`;
}

/**
 * SQL that notifies the workers that request it for a queue whose inserts do not notify. It answers text: Prisma cannot read
 * the void of pg_notify.
 * @param queueName - an SQL expression, as the payload is.
 */
export function notifyRequestersSql(queueName: string, payload: string): string {
  return `case when ${isRequestedSql(`'q_' || ${queueName}`)} then pg_catalog.pg_notify('pgmq.q_' || ${queueName} || '.INSERT', ${payload})::text end`;
}

/** The payload of a sender's own notification, which says nothing about the trigger. */
export const enqueuePayload = "enqueue";
