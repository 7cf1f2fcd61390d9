/** The worker of this repository. */
import { setTimeout as sleep } from "node:timers/promises";
import { inProcess, invoke } from "@tasker-observability/core";
import {
  connect,
  createBenchWorker,
  makeQueues,
  message,
  queueOf,
  refill,
  untilEmpty,
} from "../bench-database.mjs";

export const name = "ours";

/** Makes the queues. @returns what fills them anew */
export async function prepareSide({ namespaces, ...database }) {
  await makeQueues(database, namespaces);
  return {
    fill: (steps) => refill(database.client, namespaces, steps / namespaces.length),
    close: async () => undefined,
  };
}

/** Sends one step, as any program does. */
export async function sendStep(client, namespace, input) {
  await client.query({
    name: "send",
    text: `select pgmq.send($1::text, ${message("$3::jsonb")})
             from (values ($2::text, 0)) as of(namespace, i)`,
    values: [queueOf(namespace), namespace, JSON.stringify(input)],
  });
}

/** Opens a worker that claims nothing yet. @param worker further options of createBenchWorker */
export async function openSide({ url, templates, namespaces, concurrency, handler, worker = {} }) {
  const made = await createBenchWorker({ url, templates }, handler, {
    namespaces,
    slots: concurrency,
    batchSize: 100,
    ...worker,
  });
  made.pause();
  await made.start();
  const client = await connect(url);
  return {
    url: made.url,
    begin: () => made.resume(),
    ready: () => untilReady(made),
    settled: () => untilEmpty(client, namespaces.map(queueOf)),
    close: async () => {
      await made.stop();
      await client.end();
    },
  };
}

/** Until `/health/ready` would answer 200. */
async function untilReady({ operations: { health_ready: operation } }) {
  while (operation.verdict(await invoke(operation, {}, inProcess)) !== "ok") await sleep(10);
}
