import type { SqlRow } from "@tasker-observability/postgres";
import { withClient } from "@tasker-observability/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installTriggers } from "../notifications/change-triggers.js";
import type { StepHandlerContext } from "../running/step-handler.js";
import {
  createWorkerHarness,
  eventually,
  loggedBeside,
  stepNamed,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeEach(async () => (harness = await createWorkerHarness()));
afterEach(() => harness.close());

const Test = async (input: unknown, { step }: StepHandlerContext): Promise<void> => {
  if (input === "fail" || (input === "fail once" && step.attempt === 1)) throw new Error("no");
};

/** As pg_partman makes them for PGMQ: no primary key, and no index on `vt`. */
const partitioned = ["q", "a"]
  .map(
    (prefix) => `
  alter table pgmq.${prefix}_payments_queue rename to as_created;
  create table pgmq.${prefix}_payments_queue (like pgmq.as_created including defaults including identity) partition by range (msg_id);
  create table pgmq.${prefix}_payments_queue_1 partition of pgmq.${prefix}_payments_queue for values from (minvalue) to (3);
  create table pgmq.${prefix}_payments_queue_2 partition of pgmq.${prefix}_payments_queue for values from (3) to (maxvalue);
  create index on pgmq.${prefix}_payments_queue (msg_id);
  drop table pgmq.as_created`,
  )
  .join(";");

describe("a worker runs, retries and gives up steps", () => {
  it.each([
    ["on an unlogged queue", "select pgmq.create_unlogged('payments_queue')"],
    ["on a partitioned queue", `select pgmq.create('payments_queue'); ${partitioned}`],
    [
      "where texts are read in the old way",
      "do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end $$",
    ],
    [
      "beside queues that are in the list and not there",
      "insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('orphan', false, false)",
    ],
  ])("%s", async (_what, prepare) => {
    await harness.query(prepare);
    const { worker, ready, detailed, log } = await harness.start({ handlers: { Test } });
    await worker.enqueue(
      stepNamed("plain", "succeed"),
      stepNamed("plain", "fail once"),
      stepNamed("plain", "fail"),
      stepNamed("plain", "succeed"),
    );
    await eventually("an empty queue", async () => (await harness.count("q_payments_queue")) === 0);
    expect([
      await harness.count("a_payments_queue"),
      await harness.count("q_payments_dead_letter"),
    ]).toEqual([4, 1]);
    expect((await ready()).checks.queue_processing).toMatchObject({ status: "healthy" });
    expect((await detailed()).checks.event_system).toMatchObject({ status: "healthy" });
    expect(
      loggedBeside(log).filter(
        ({ level, message }) => level !== "info" && !message.startsWith("step failed"),
      ),
    ).toEqual([]);
  });
});

it("a worker claims from a dropped queue again once it exists again, and from others meanwhile", async () => {
  const { worker } = await harness.start({
    handlers: { Test },
    worker: { namespaces: ["payments", "orders"] },
  });
  await harness.query("select pgmq.drop_queue('payments_queue')");
  const stepOfOrders = {
    ...stepNamed("plain"),
    template: { namespace: "orders", name: "unknown", version: "1.0.0" },
  };
  await worker.enqueue(stepOfOrders);
  await eventually("the other queue's claim", () => worker.context.steps.window().released > 0);
  await harness.query("select pgmq.create('payments_queue')");
  await worker.enqueue(stepNamed("plain"));
  await eventually("the step", async () => (await harness.count("a_payments_queue")) === 1);
});

it("a queue that others drop and create again is polled, until somebody installs the trigger", async () => {
  const { worker, detailed } = await harness.start({ handlers: { Test } });
  const eventSystem = worker.context.ports.eventSystem!;
  await eventually("a proof", () => eventSystem.listener() === "connected");
  await harness.query("select pgmq.drop_queue('payments_queue')");
  await eventually(
    "a claim that is refused",
    () => worker.context.ports.commandProcessor?.refusals?.() != null,
  );
  await harness.query("select pgmq.create('payments_queue')");
  await eventually("no proof", () => eventSystem.listener() === "not_used");
  expect((await detailed()).checks.event_system).toMatchObject({
    status: "healthy",
    message: "found by polling only: payments_queue",
  });
  expect(
    await harness.query(
      "select from pg_trigger where tgrelid = to_regclass('pgmq.q_payments_queue')",
    ),
  ).toEqual([]);
  await withClient(harness.database.url, (client) =>
    installTriggers(
      {
        query: async ({ text, values }) =>
          (await client.query<SqlRow>(text, values && [...values])).rows,
      },
      ["payments_queue"],
    ),
  );
  await harness.query("select pgmq.send('payments_queue', '{}')");
  await eventually("a proof by an insert", () => eventSystem.listener() === "connected");
});
