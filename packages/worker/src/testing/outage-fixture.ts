import { setTimeout as sleep } from "node:timers/promises";
import { startTcpProxy, type TcpProxy, withClient } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";
import {
  eventually,
  messageOf,
  type Sections,
  startTestWorker,
  type TestWorker,
} from "./worker-harness.js";

/** How long a recovery may take on a busy machine. */
export const recoveryTimeoutMs = 60_000;

/** A way to a database that the test can break. */
export async function openProxy(url: string): Promise<TcpProxy> {
  const proxy = await startTcpProxy(url);
  onTestFinished(() => proxy.close());
  return proxy;
}

export interface InterruptedWorker extends TestWorker {
  /** The inputs of the steps that it ran. */
  readonly runs: readonly unknown[];
  /** What ends a step whose input begins with "running". */
  readonly ends: ReadonlyMap<unknown, () => void>;
}

/** A worker that notes which steps it ran; those whose input begins with "running" run until their end is called. */
export async function startInterruptedWorker(
  url: string,
  templates: string,
  database: Sections = {},
): Promise<InterruptedWorker> {
  const runs: unknown[] = [];
  const ends = new Map<unknown, () => void>();
  const Test = async (input: unknown): Promise<void> => {
    runs.push(input);
    if (typeof input === "string" && input.startsWith("running"))
      await new Promise<void>((resolve) => ends.set(input, resolve));
    else await sleep(5);
  };
  // What a lost connection leaves claimed is visible again after two seconds.
  const worker = { event_systems: { worker: { timing: { visibility_timeout_seconds: 2 } } } };
  const test = await startTestWorker({
    url,
    templates,
    handlers: { Test },
    worker,
    common: { database: { pool: { acquire_timeout_seconds: 2 }, ...database } },
  });
  return { ...test, runs, ends };
}

export async function sendStep(url: string, input: unknown): Promise<void> {
  await withClient(url, (client) =>
    client.query("select pgmq.send('payments_queue', $1::jsonb)", [
      JSON.stringify(messageOf("plain", input)),
    ]),
  );
}

/** Waits until a step that is sent now is run, and says how long that took. */
export async function recover(
  { runs }: Pick<InterruptedWorker, "runs">,
  url: string,
  what: string,
): Promise<void> {
  const startedAtMs = performance.now();
  const input = `after ${what}`;
  await sendStep(url, input);
  await eventually("the step", () => runs.includes(input), recoveryTimeoutMs);
  process.stdout.write(
    `recovered from ${what} after ${Math.round(performance.now() - startedAtMs)} ms\n`,
  );
}

export async function untilListening({ worker }: TestWorker): Promise<void> {
  await eventually(
    "the listener",
    () => worker.context.ports.eventSystem?.listener() === "connected",
    recoveryTimeoutMs,
  );
}
