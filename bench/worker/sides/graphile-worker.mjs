/** graphile-worker, as its page on performance configures it: a local queue of 500, and outcomes written together. */
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { connect, untilNone } from "../bench-database.mjs";

export const name = "graphile-worker";

// It would write a line for each job.
const logger = new Logger(() => () => undefined);

/** Makes its schema. @returns what fills and empties it */
export async function prepareSide({ url, client, namespaces }) {
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  await utils.migrate();
  await utils.release();
  return {
    fill: async (steps) => {
      await client.query("truncate graphile_worker._private_jobs");
      await client.query(
        `select count(*) from graphile_worker.add_jobs(array(
           select row(($2::text[])[1 + i % $3::int], json_build_object('step_id', i::text, 'input', i),
                      null, null, null, null, null, null)::graphile_worker.job_spec
             from generate_series(1, $1::int) as i))`,
        [steps, namespaces, namespaces.length],
      );
      await client.query("vacuum analyze graphile_worker._private_jobs");
    },
    close: async () => undefined,
  };
}

/** Adds one job, as any program does. */
export async function sendStep(client, namespace, input) {
  await client.query({
    name: "add",
    text: "select graphile_worker.add_job($1::text, $2::json)",
    values: [namespace, JSON.stringify({ input })],
  });
}

/** Opens nothing yet: it takes jobs as soon as it runs. */
export async function openSide({ url, namespaces, concurrency, handler }) {
  const task = (payload) => handler(payload.input);
  let runner;
  return {
    begin: async () => {
      runner = await run({
        preset: {
          worker: {
            connectionString: url,
            concurrentJobs: concurrency,
            maxPoolSize: 10,
            localQueue: { size: 500 },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
            logger,
          },
        },
        noHandleSignals: true,
        parsedCronItems: [],
        taskList: Object.fromEntries(namespaces.map((namespace) => [namespace, task])),
      });
    },
    settled: async () => {
      const client = await connect(url);
      await untilNone(client, "graphile_worker._private_jobs");
      await client.end();
    },
    close: () => runner.stop(),
  };
}
