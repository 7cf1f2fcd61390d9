import { inProcess, invoke } from "@tasker-observability/core";
import { startTcpProxy, withClient } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DomainEvent } from "./domain-event.js";
import type { StepToEnqueue } from "@tasker-observability/producer";
import { createEncodedDatabase } from "../testing/encoded-database.js";
import { openOwnHarness } from "../testing/own-harness.js";
import {
  eventually,
  type TestWorker,
  type TestWorkerOptions,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const template = `
name: announce
namespace_name: payments
version: 1.0.0
steps:
  - { name: tell, handler: { callable: Test }, retry: { max_attempts: 1 }, publishes_events: [ { name: payment.done, condition: always, delivery_mode: broadcast } ] }
  - { name: retry, handler: { callable: Test }, retry: { max_attempts: 3, backoff: none }, publishes_events: [ { name: payment.retried, condition: retryable_failure } ] }
  - { name: silent, handler: { callable: Test } }
`;

const stepOf = (stepName: string, input: unknown = null): StepToEnqueue => ({
  template: { namespace: "payments", name: "announce", version: "1.0.0" },
  stepName,
  input,
});
const stepsOf = (stepName: string, many: number): [StepToEnqueue] =>
  Array.from({ length: many }, (_, index) => stepOf(stepName, index)) as [StepToEnqueue];

async function startWorker(
  harness: WorkerHarness,
  Test: (input: unknown) => unknown,
  options: TestWorkerOptions = {},
): Promise<TestWorker & { readonly heard: DomainEvent[] }> {
  const test = await harness.start({
    handlers: { Test: async (input) => Test(input) },
    worker: {
      health: { cache_ttl_ms: 0 },
      mpsc_channels: { handler_dispatch: { max_concurrent_handlers: 50 } },
      event_systems: {
        worker: { metadata: { fallback_poller: { polling_interval_ms: 50, batch_size: 50 } } },
      },
      shutdown: { drain_timeout_ms: 200 },
    },
    ...options,
  });
  const heard: DomainEvent[] = [];
  test.worker.subscribe("*", (event) => void heard.push(event));
  return { ...test, heard };
}

const stepIds = (harness: WorkerHarness): Promise<{ steps: number; events: number }[]> =>
  harness.query(
    "select count(distinct message#>>'{metadata,step_id}')::int as steps, count(*)::int as events from pgmq.q_payments_domain_events",
  );
const counted = async (
  { worker }: TestWorker,
  delivery: string,
  outcome: string,
): Promise<boolean | string> => {
  const text = (await invoke(worker.operations.metrics_prometheus!, {}, inProcess)) as string;
  const line = `tasker_worker_domain_events_total{delivery="${delivery}",outcome="${outcome}"} `;
  return (
    text
      .split("\n")
      .find((one) => one.startsWith(line))
      ?.slice(line.length) ?? "none"
  );
};

describe("a durable event is written with its step's outcome, once:", () => {
  it("when the database is away while fifty steps end", async () => {
    const harness = await openOwnHarness(template);
    const proxy = await startTcpProxy(harness.database.url);
    onTestFinished(() => proxy.close());
    const ends: (() => void)[] = [];
    const test = await startWorker(
      harness,
      () => new Promise<void>((resolve) => ends.push(resolve)),
      { url: proxy.url(harness.database.url) },
    );
    await test.worker.enqueue(...stepsOf("tell", 50));
    await eventually("fifty runs", () => ends.length === 50);
    await proxy.cut();
    for (const end of ends) end();
    await eventually("a failure to write", () =>
      test.log.some(
        ({ message }) => message === "completions with events could not be written yet",
      ),
    );
    expect([await harness.count("q_payments_domain_events"), test.heard]).toEqual([0, []]);
    await proxy.restore();
    await eventually("the outcomes", async () => (await harness.count("a_payments_queue")) === 50);
    expect(await stepIds(harness)).toEqual([{ steps: 50, events: 50 }]);
    await eventually("the subscribers", () => test.heard.length === 50);
    expect(await counted(test, "broadcast", "delivered")).toBe("50");
  });

  it("of an attempt that is retried, and of one that is given up", async () => {
    const harness = await openOwnHarness(template);
    await (
      await startWorker(harness, () => Promise.reject(new Error("no")))
    ).worker.enqueue(stepOf("retry"), stepOf("tell"));
    await eventually(
      "the dead letters",
      async () => (await harness.count("q_payments_dead_letter")) === 2,
    );
    const events = await harness.query(
      "select message->>'event_name' as name, message#>>'{metadata,attempt}' as attempt from pgmq.q_payments_domain_events order by 1, 2",
    );
    expect(events).toEqual([
      { name: "payment.done", attempt: "1" },
      { name: "payment.retried", attempt: "1" },
      { name: "payment.retried", attempt: "2" },
    ]);
  });

  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  it.each([
    ["NUL", "a\0b"],
    ["half a surrogate pair", "\ud800"],
    ["a circle", circle],
    ["a toJSON that throws", { toJSON: () => failing() }],
    ["a list deeper than PostgreSQL reads", nested(6_000)],
  ])(
    "except one that no database can store, which is reported as failed: %s",
    async (_what, bad) => {
      const harness = await openOwnHarness(template);
      const test = await startWorker(harness, (input) =>
        Number(input) % 10 === 4 ? bad : { input },
      );
      await test.worker.enqueue(...stepsOf("tell", 100));
      await eventually(
        "the outcomes",
        async () => (await harness.count("a_payments_queue")) === 100,
      );
      expect(await stepIds(harness)).toEqual([{ steps: 90, events: 90 }]);
      await eventually(
        "the counts",
        async () => (await counted(test, "broadcast", "failed")) === "10",
      );
      expect(
        test.log.filter(({ message }) => message.startsWith("an event cannot be written")),
      ).toHaveLength(10);
      // What is in memory can contain it.
      await eventually("the subscribers", () => test.heard.length === 100);
    },
  );

  it("in a database of another encoding, except those that it cannot store", async () => {
    const harness = await openOwnHarness(template);
    const url = await createEncodedDatabase(harness.database.url, "LATIN1");
    const test = await startWorker(
      harness,
      (input) => (Number(input) % 10 === 4 ? "拒绝" : "déclinée"),
      { url },
    );
    await test.worker.enqueue(...stepsOf("tell", 50));
    const count = async (table: string): Promise<unknown> =>
      (
        await withClient(url, (client) =>
          client.query(`select count(*)::int as n from pgmq.${table}`),
        )
      ).rows[0];
    await eventually(
      "the outcomes",
      async () => ((await count("a_payments_queue")) as { n: number }).n === 50,
    );
    expect(await count("q_payments_domain_events")).toEqual({ n: 45 });
    await eventually(
      "the counts",
      async () => (await counted(test, "broadcast", "failed")) === "5",
    );
  });
});

it("steps with events wait while the event queue refuses them, steps without events continue, and health says so", async () => {
  const harness = await openOwnHarness(template);
  let runs = 0;
  const test = await startWorker(harness, () => (runs += 1));
  await harness.query(
    "create function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'no events today'; end $$; create trigger refuse before insert on pgmq.q_payments_domain_events for each row execute function pgmq.refuse()",
  );
  await test.worker.enqueue(...stepsOf("tell", 5), ...stepsOf("silent", 5));
  await eventually("those without", async () => (await harness.count("a_payments_queue")) === 5);
  await eventually("a refusal", async () => {
    const { status, message } = (await test.ready()).checks.command_processor!;
    return (
      status === "degraded" &&
      message === "completions with events of payments_queue refused: raised_exception"
    );
  });
  expect([await harness.count("q_payments_queue"), test.heard]).toEqual([5, []]);
  await harness.query("drop function pgmq.refuse cascade");
  await eventually("the others", async () => (await harness.count("a_payments_queue")) === 10);
  expect([await stepIds(harness), runs]).toEqual([[{ steps: 5, events: 5 }], 10]);
  await eventually("the subscribers", () => test.heard.length === 5);
});

it("a worker that has lost its claim writes neither outcome nor event, and calls no subscriber", async () => {
  const harness = await openOwnHarness(template);
  const ends: ((error: Error) => void)[] = [];
  const test = await startWorker(
    harness,
    () => new Promise<void>((_resolve, reject) => ends.push(reject)),
  );
  await test.worker.enqueue(stepOf("tell"));
  await eventually("its run", () => ends.length === 1);
  // As another worker claims it, once the visibility time-out is over.
  await harness.query("update pgmq.q_payments_queue set read_ct = read_ct + 1");
  ends[0]!(new Error("session expired"));
  await eventually("its end", () => test.inFlight() === 0);
  const tables = [
    "q_payments_queue",
    "a_payments_queue",
    "q_payments_dead_letter",
    "q_payments_domain_events",
  ];
  expect(await Promise.all(tables.map(harness.count))).toEqual([1, 0, 0, 0]);
  expect(test.heard).toEqual([]);
  expect(test.log.map(({ message }) => message)).toContain(
    "dead letters with events were not written: other workers have the steps, or their messages are gone",
  );
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function failing(): never {
  throw new Error("hostile");
}
