import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createWorker } from "./create-worker.js";
import { eventually, stepNamed, testOptions } from "./testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "./testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

describe("a worker", () => {
  it("logs to an unmodified pino", async () => {
    const lines: string[] = [];
    const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    await createWorker({ templates: "nowhere/*.yaml", logger });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining("no file") }),
    );
  });

  it("is started once", async () => {
    const { worker } = await harness.start();
    await expect(worker.start()).rejects.toThrow(
      "This worker has already been started: create a new one.",
    );
    expect(worker.context.lifecycle.current()).toBe("running");
  });

  it("that was never started can be stopped, and not started afterwards", async () => {
    const worker = await createWorker(
      testOptions({ url: harness.database.url, templates: harness.templates }),
    );
    await worker.stop();
    await expect(worker.start()).rejects.toThrow();
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("says what to do when its database refuses it, and is stopped by then", async () => {
    const url = new URL(harness.database.url);
    url.password = "wrong";
    const worker = await createWorker(testOptions({ url: url.href, templates: harness.templates }));
    await expect(worker.start()).rejects.toThrow(
      "The database refused the worker: authentication_failed. Check common.database.url (DATABASE_URL).",
    );
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });

  it("accepts the steps of one namespace at a time", async () => {
    const { worker } = await harness.start();
    const other = {
      ...stepNamed("plain"),
      template: { namespace: "orders", name: "x", version: "1.0.0" },
    };
    await expect(worker.enqueue(stepNamed("plain"), other)).rejects.toThrow(
      "enqueue takes the steps of one namespace at a time.",
    );
    expect(await harness.count("q_payments_queue")).toBe(0);
  });

  it("with a backlog of 100 000 messages is degraded, and ready", async () => {
    const { worker, ready, detailed } = await harness.start();
    worker.pause();
    await harness.query(
      "insert into pgmq.q_payments_queue (vt, message) select now(), '{}' from generate_series(1, 100000)",
    );
    await eventually(
      "the degradation",
      async () => (await detailed()).checks.queue_processing?.status === "degraded",
    );
    const { status, checks } = await ready();
    expect(status).toBe("healthy");
    expect(checks.queue_processing).toMatchObject({ status: "degraded", criticality: "required" });
    expect((await detailed()).status).toBe("degraded");
  });
});
