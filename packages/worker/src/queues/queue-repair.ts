import type { Logger } from "@tasker-observability/core";
import type { StepTransactions } from "./step-transactions.js";

/** Repairs queues before sending, if the role may. */
export interface QueueRepair {
  /** Creates missing queues. @returns whether any was missing and could be created. */
  createMissing(queueNames: readonly string[]): Promise<boolean>;
  /** Makes queues count on from their newest message: a restored queue may be behind and issue existing ids again. */
  advanceIds(queueNames: readonly string[]): Promise<void>;
}

export function createQueueRepair(options: {
  readonly transactions: StepTransactions;
  readonly logger: Logger;
}): QueueRepair {
  const { transactions, logger } = options;
  // If the role lacks the right, the next statement fails and that is logged.
  const run = async (text: string, values?: readonly string[]): Promise<boolean> => {
    try {
      const statement = values === undefined ? { text } : { text, values };
      return (await transactions.run((connection) => connection.query(statement))).length > 0;
    } catch {
      return false;
    }
  };
  const createOne = async (queue: string): Promise<boolean> => {
    const isCreated = await run(createSql, [queue]);
    if (isCreated) logger("warn", "a queue was missing and has been created", { queue });
    return isCreated;
  };
  return Object.freeze({
    async createMissing(queueNames: readonly string[]) {
      const created = await Promise.all(queueNames.map(createOne));
      return created.includes(true);
    },
    async advanceIds(queueNames: readonly string[]) {
      await Promise.all(queueNames.map((queueName) => run(advanceSql(queueName))));
    },
  });
}

const createSql = "select pgmq.create($1::text) where to_regclass('pgmq.q_' || $1::text) is null";

function advanceSql(queueName: string): string {
  const sequence = `pg_get_serial_sequence('pgmq.q_${queueName}', 'msg_id')`;
  return `select setval(${sequence}, newest) from (select max(msg_id) as newest from pgmq.q_${queueName}) as queue where newest > nextval(${sequence})`;
}
