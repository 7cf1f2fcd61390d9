/** BullMQ on a Redis of its own that writes nothing to disk, as the PostgreSQL beside it waits for no disk. */
import { Queue, Worker } from "bullmq";

export const name = "BullMQ";

/** @returns what fills and empties its queue */
export async function prepareSide({ redisPort, namespaces }) {
  const queue = new Queue(namespaces[0], { connection: { port: redisPort } });
  return {
    fill: async (steps) => {
      await queue.obliterate({ force: true });
      for (let first = 0; first < steps; first += 5_000)
        await queue.addBulk(
          Array.from({ length: Math.min(5_000, steps - first) }, (_, step) => ({
            name: "s",
            data: { step_id: String(first + step), input: first + step },
          })),
        );
    },
    close: () => queue.close(),
  };
}

export async function openSide({ redisPort, namespaces, concurrency, handler }) {
  const workers = namespaces.map(
    (namespace) =>
      new Worker(namespace, (job) => handler(job.data.input), {
        connection: { port: redisPort },
        concurrency,
        removeOnComplete: { count: 0 },
        autorun: false,
      }),
  );
  let completed = 0;
  let settle = () => undefined;
  for (const worker of workers) {
    await worker.waitUntilReady();
    worker.on("completed", () => {
      completed += 1;
      settle();
    });
  }
  return {
    begin: async () => {
      for (const worker of workers) void worker.run();
    },
    settled: (count) =>
      new Promise((resolve) => {
        settle = () => completed >= count && resolve();
        settle();
      }),
    close: () => Promise.all(workers.map((worker) => worker.close())),
  };
}
