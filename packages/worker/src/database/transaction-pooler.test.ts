import { startOwnServer, startPgBouncer, type PgBouncer } from "@tasker-observability/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import {
  createWorkerHarness,
  eventually,
  loggedBeside,
  type Sections,
  stepNamed,
  testConfig,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const program = process.env.PGBOUNCER;

describe.skipIf(program === undefined)("a worker behind PgBouncer in transaction mode", () => {
  let harness: WorkerHarness;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    harness = await createWorkerHarness();
    bouncer = await startPgBouncer({ program: program ?? "", databaseUrl: harness.database.url });
  });
  afterAll(async () => {
    await bouncer.close();
    await harness.close();
  });
  beforeEach(async () => {
    await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  });

  const runs: string[] = [];
  const Test = async (
    input: unknown,
    { step }: { readonly step: { readonly step_id: string; readonly attempt: number } },
  ): Promise<void> => {
    runs.push(`${step.step_id} ${step.attempt}`);
    if (input === "fail once" && step.attempt === 1) throw new Error("once");
    if (input === "fail") throw new Error("always");
  };

  /** Two hundred steps, of which ten fail once and ten always. */
  async function runAll(database: Sections) {
    runs.length = 0;
    const test = await harness.start({
      url: bouncer.url,
      handlers: { Test },
      common: { database },
    });
    const inputs = Array.from({ length: 200 }, (_, index) =>
      index < 10 ? "fail once" : index < 20 ? "fail" : index,
    );
    await test.worker.enqueue(
      ...(inputs.map((input) => stepNamed("plain", input)) as [ReturnType<typeof stepNamed>]),
    );
    await eventually(
      "an empty queue",
      async () => (await harness.count("q_payments_queue")) === 0,
      30_000,
    );
    return test;
  }

  it.each([
    ["prepared_statements switched off", { prepared_statements: false }],
    ["statements named until the first refusal", {}],
  ])("runs every step as often as it should, with %s", async (_what, database) => {
    const { ready, log } = await runAll(database);
    expect([
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([200, 10]);
    expect(runs.length).toBe(200 + 10 + 20);
    expect(new Set(runs).size).toBe(runs.length);
    expect(await ready()).toMatchObject({
      status: "healthy",
      checks: { database: { status: "healthy" }, queue_processing: { status: "healthy" } },
    });
    const complaints = loggedBeside(log).filter(
      ({ message }) =>
        !message.startsWith("step failed") && !message.startsWith("notifications do not arrive"),
    );
    expect(complaints).toEqual([]);
  });

  it("does not take itself for listening, and lives by its poller", async () => {
    const { worker, detailed } = await runAll({ prepared_statements: false });
    await eventually(
      "the verdict",
      () => worker.context.ports.eventSystem?.listener() === "not_used",
    );
    expect((await detailed()).checks.event_system).toMatchObject({ status: "healthy" });
  });

  it("receives notifications over listen_url, past the pooler", async () => {
    const { worker } = await runAll({
      prepared_statements: false,
      listen_url: harness.database.url,
    });
    await eventually(
      "the listener",
      () => worker.context.ports.eventSystem?.listener() === "connected",
    );
  });
});

describe.skipIf(program === undefined)("a start behind PgBouncer", () => {
  it("waits while the server behind it is away, and continues when it is back", async () => {
    const server = await startOwnServer({ pgmq: true });
    onTestFinished(() => server.close());
    const bouncer = await startPgBouncer({ program: program ?? "", databaseUrl: server.url });
    onTestFinished(() => bouncer.close());
    await server.stop();
    const log: string[] = [];
    const worker = await createWorker({
      ...toWorkerOptions(testConfig({ url: bouncer.url, templates: "none/*.yaml" })),
      logger: (_level, message, fields) => log.push(`${message} ${String(fields?.sql_state)}`),
    });
    onTestFinished(() => worker.stop());
    const started = worker.start();
    started.catch(() => undefined);
    await eventually("refusals of the pooler", () => log.join().split("08P01").length > 3, 60_000);
    await server.start();
    await started;
    expect(worker.context.lifecycle.current()).toBe("running");
  });
});
