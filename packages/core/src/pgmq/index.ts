export { createPgmqQueues, type PgmqQueue, type PgmqQueues, type PgmqQueuesOptions, queueNameOf } from "./pgmq-queues.js";
