import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import {
  eventually,
  type Sections,
  stepNamed,
  type TestWorker,
} from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

/** A short visibility time-out, and polls that are quick to claim what becomes visible. */
const worker: Sections = {
  event_systems: {
    worker: {
      timing: { visibility_timeout_seconds: 3 },
      metadata: { fallback_poller: { polling_interval_ms: 20 } },
    },
  },
};

/** For longer than the visibility time-out. */
const isRefusedForLong = ({ log }: TestWorker): boolean =>
  log.filter(({ message }) =>
    /completions could not be written yet|refuses completions/.test(message),
  ).length >= 4;

describe("steps whose archive is slow or locked for longer than the visibility time-out", () => {
  it("run once, and end in the archive: those that run meanwhile too", async () => {
    const runs: unknown[] = [];
    let end: () => void = () => undefined;
    const Test = async (input: unknown): Promise<void> => {
      runs.push(input);
      if (input === "running") await new Promise<void>((resolve) => (end = resolve));
    };
    const busy = await harness.start({ handlers: { Test }, worker });
    await busy.worker.enqueue(stepNamed("once", "running"));
    await eventually("the run", () => runs.length === 1);
    await harness.query(
      "create function pgmq.slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return new; end'; create trigger slow before insert on pgmq.a_payments_queue for each row execute function pgmq.slow()",
    );
    await busy.worker.enqueue(stepNamed("once", 1), stepNamed("once", 2), stepNamed("once", 3));
    await eventually("the runs", () => runs.length === 4);
    const other = await harness.start({ handlers: { Test }, worker });
    await eventually("refusals", () => isRefusedForLong(busy));
    await harness.query("drop function pgmq.slow cascade");
    end();
    await eventually("an empty queue", async () => (await harness.count("q_payments_queue")) === 0);
    expect([runs.length, await harness.count("a_payments_queue"), other.inFlight()]).toEqual([
      4, 4, 0,
    ]);
    expect(await harness.count("q_payments_dead_letter")).toBe(0);
  });

  it("run once while the archive is locked", async () => {
    let runs = 0;
    const Test = async (): Promise<void> => void (runs += 1);
    const busy = await harness.start({ handlers: { Test }, worker });
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.a_payments_queue in access exclusive mode");
      await busy.worker.enqueue(stepNamed("once", 1), stepNamed("once", 2));
      await harness.start({ handlers: { Test }, worker });
      await eventually("refusals", () => isRefusedForLong(busy));
    });
    await eventually("an empty queue", async () => (await harness.count("q_payments_queue")) === 0);
    expect([runs, await harness.count("q_payments_dead_letter")]).toEqual([2, 0]);
  });
});
