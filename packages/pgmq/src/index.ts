export { type PgmqQueue, queueNameOf } from "./pgmq-queue.js";
export { createPgmqQueues, type PgmqQueues, type PgmqQueuesOptions } from "./pgmq-queues.js";
