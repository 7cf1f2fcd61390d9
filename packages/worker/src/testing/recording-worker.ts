import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type LoadedConfig, resolveConfig } from "@tasker-observability/config";
import pg from "pg";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import type { StepHandler } from "../running/step-handler.js";

/** So many steps run at once in one worker. */
export const slotsOfRecordingWorker = 25;

/**
 * A worker for a process of its own, which tests kill: it notes every run of a step in the table `runs`.
 * Its steps take a few milliseconds, but for those whose input is
 * `poison`, which kills it · `fail`, which fails · `{ workers: n }`, which ends when n workers have run something.
 * Prints `running`, and ends the process at SIGTERM when it has drained.
 */
export async function runRecordingWorker(url: string, templates: string): Promise<void> {
  const runs = new pg.Pool({ connectionString: url, max: 4 });
  runs.on("error", () => undefined);
  const Test: StepHandler = async (input, { step }) => {
    await runs.query("insert into runs (step_id, worker, attempt) values ($1, $2, $3)", [
      step.step_id,
      process.pid,
      step.attempt,
    ]);
    if (input === "poison") process.kill(process.pid, "SIGKILL");
    if (isMeeting(input)) while ((await countWorkers(runs)) < input.workers) await sleep(20);
    await sleep(randomInt(5, 40));
    if (input === "fail") throw new Error("It always fails.");
  };
  const worker = await createWorker({
    ...toWorkerOptions(configFor(url, templates)),
    handlers: { Test },
  });
  process.once("SIGTERM", () => void worker.stop().then(() => process.exit(0)));
  await worker.start();
  process.stdout.write("running\n");
}

function isMeeting(input: unknown): input is { readonly workers: number } {
  return typeof input === "object" && input !== null && "workers" in input;
}

async function countWorkers(runs: pg.Pool): Promise<number> {
  const { rows } = await runs.query<{ n: number }>(
    "select count(distinct worker)::int as n from runs",
  );
  return rows[0]?.n ?? 0;
}

/** The steps of a dead worker are visible again after two seconds. */
function configFor(url: string, templates: string): LoadedConfig {
  const event_systems = {
    worker: {
      timing: { visibility_timeout_seconds: 2 },
      metadata: { fallback_poller: { polling_interval_ms: 200, batch_size: 25 } },
    },
  };
  const mpsc_channels = { handler_dispatch: { max_concurrent_handlers: slotsOfRecordingWorker } };
  return resolveConfig(
    {
      common: { database: { url }, task_templates: { search_paths: [templates] } },
      worker: { namespaces: ["payments"], web: { enabled: false }, mpsc_channels, event_systems },
    },
    { env: {} },
  );
}
