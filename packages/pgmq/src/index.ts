export { queueNameOf } from "@tasker-observability/core";
export type { PgmqQueue } from "./pgmq-queue.js";
export { createPgmqQueues, type PgmqQueues, type PgmqQueuesOptions } from "./pgmq-queues.js";
