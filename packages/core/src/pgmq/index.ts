export { createPgmqQueues, type PgmqQueue, type PgmqQueuesOptions, queueNameOf } from "./pgmq-queues.js";
