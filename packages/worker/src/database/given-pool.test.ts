import { inProcess, invoke } from "@tasker-observability/core";
import pg from "pg";
import postgres from "postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import type { CreateWorkerOptions } from "../options/worker-options.js";
import { eventually, stepNamed } from "../testing/worker-harness.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();

/** A worker over a database of the test's own, whose steps are counted. */
async function start(database: NonNullable<CreateWorkerOptions["database"]>) {
  let ran = 0;
  const worker = await createWorker({
    database,
    namespaces: ["payments"],
    templates: harness.templates,
    handlers: { Test: async () => (ran += 1) },
  });
  onTestFinished(() => worker.stop());
  await worker.start();
  return { worker, ran: () => ran };
}

describe("a worker with a pool of the application's", () => {
  it("runs steps over a pg Pool, listens on its own connection, and leaves the pool open", async () => {
    const pool = new pg.Pool({ connectionString: harness.database.url, max: 4 });
    onTestFinished(() => pool.end());
    const { worker, ran } = await start(pool);
    await eventually(
      "the listener",
      () => worker.context.ports.eventSystem?.listener() === "connected",
    );
    await worker.enqueue(stepNamed("plain"));
    await eventually("the step", () => ran() === 1);
    await worker.stop();
    expect((await pool.query<{ one: number }>("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("runs steps over postgres.js, and finds new ones by polling", async () => {
    const sql = postgres(harness.database.url, { max: 4 });
    onTestFinished(() => sql.end());
    const { worker, ran } = await start(sql);
    await worker.enqueue(stepNamed("plain"));
    await eventually("the step", () => ran() === 1);
    const operation = worker.operations.health_ready;
    expect(operation && (await invoke(operation, {}, inProcess))).toMatchObject({
      status: "healthy",
    });
    await worker.stop();
    expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }]);
  });

  it.each([
    ["connecting", 1],
    ["preparing the queues", 2],
  ])("rejects its start when it is stopped at the end of %s", async (_phase, stopAtRelease) => {
    const pool = new pg.Pool({ connectionString: harness.database.url });
    onTestFinished(() => pool.end());
    const worker = await createWorker({
      database: pool,
      namespaces: ["payments"],
      templates: harness.templates,
      fleet: false,
    });
    let releases = 0;
    pool.on("release", () => {
      releases += 1;
      if (releases === stopAtRelease) void worker.stop();
    });
    await expect(worker.start()).rejects.toThrow("The worker was stopped before");
    expect([releases, worker.context.lifecycle.current()]).toEqual([stopAtRelease, "stopped"]);
  });
});
