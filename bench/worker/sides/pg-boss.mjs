/** pg-boss with big batches, taken one after the other while they come back full. */
import { PgBoss } from "pg-boss";
import { connect, untilNone } from "../bench-database.mjs";
import { runAll } from "./bare-loop.mjs";

export const name = "pg-boss";

const batchSize = 1_000;

/** Makes its schema and queues. @returns what fills and empties them */
export async function prepareSide({ url, client, namespaces }) {
  const boss = await startBoss(url);
  for (const namespace of namespaces) await boss.createQueue(namespace, { notify: true });
  return {
    fill: async (steps) => {
      await client.query("truncate pgboss.job");
      for (let first = 0; first < steps; first += 5_000)
        await boss.insert(
          namespaces[0],
          Array.from({ length: Math.min(5_000, steps - first) }, (_, step) => ({
            data: { step_id: String(first + step), input: first + step },
          })),
        );
      await client.query("vacuum analyze pgboss.job");
    },
    close: () => boss.stop(),
  };
}

export async function openSide({ url, namespaces, concurrency, handler }) {
  const boss = await startBoss(url);
  return {
    begin: async () => {
      for (const namespace of namespaces)
        await boss.work(namespace, { batchSize, burstWhenBatchFull: true }, (jobs) =>
          runAll(
            jobs.map(({ data }) => ({ message: data })),
            concurrency,
            handler,
          ),
        );
    },
    settled: async () => {
      const client = await connect(url);
      await untilNone(client, "pgboss.job where state < 'completed'");
      await client.end();
    },
    close: () => boss.stop(),
  };
}

async function startBoss(connectionString) {
  const boss = new PgBoss({ connectionString, schedule: false, useListenNotify: true });
  boss.on("error", (error) => {
    throw error;
  });
  await boss.start();
  return boss;
}
