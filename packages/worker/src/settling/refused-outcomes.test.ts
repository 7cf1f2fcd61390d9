import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEncodedDatabase } from "../testing/encoded-database.js";
import { openOwnHarness } from "../testing/own-harness.js";
import {
  eventually,
  stepNamed,
  templateText,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import type { StepToEnqueue } from "@tasker-observability/producer";

let harness: WorkerHarness;

async function openHarness(): Promise<void> {
  harness = await openOwnHarness(
    templateText.replace("namespace_name: payments", "namespace_name: orders"),
  );
}

const stepOf = (namespace: string, input: unknown = null): StepToEnqueue => ({
  ...stepNamed("once", input),
  template: { namespace, name: "refund", version: "1.0.0" },
});
/** `many` steps of one namespace, each with its number, or with what `inputOf` makes of it. */
const stepsOf = (
  namespace: string,
  many: number,
  inputOf: (index: number) => unknown = (index) => index,
): [StepToEnqueue] =>
  Array.from({ length: many }, (_, index) => stepOf(namespace, inputOf(index))) as [StepToEnqueue];

const stallAfterMs = 1_500;

async function startWorker(
  namespaces: readonly string[],
  url = harness.database.url,
  whenMayEnd: Promise<void> = Promise.resolve(),
): Promise<TestWorker & { readonly runs: unknown[] }> {
  const runs: unknown[] = [];
  const Test = async (input: unknown): Promise<void> => {
    runs.push(input);
    await whenMayEnd;
    if (typeof input === "string") throw new Error(`“déclinée” – 拒绝 ${input} €`);
  };
  const test = await harness.start({
    url,
    handlers: { Test },
    worker: {
      namespaces,
      health: { stall_after_ms: stallAfterMs, cache_ttl_ms: 0 },
      mpsc_channels: {
        handler_dispatch: { dispatch_buffer_size: 20, max_concurrent_handlers: 20 },
      },
      event_systems: {
        worker: { metadata: { fallback_poller: { polling_interval_ms: 50 } } },
      },
      shutdown: { drain_timeout_ms: 100 },
    },
  });
  return { ...test, runs };
}

/** Of a role that may do all that a worker needs of PGMQ. */
async function urlOfRole(): Promise<string> {
  const name = "worker_role";
  await harness.query(
    `create role ${name} login password 'x'; grant usage, create on schema pgmq to ${name}; grant all on all tables in schema pgmq to ${name}`,
  );
  onTestFinished(() =>
    withClient(harness.database.url, (client) =>
      client.query(`drop owned by ${name} cascade; drop role ${name}`),
    ).then(() => undefined),
  );
  return Object.assign(new URL(harness.database.url), { username: name, password: "x" }).href;
}

const commandProcessor = async ({ ready }: TestWorker): Promise<string> => {
  const { status, message } = (await ready()).checks.command_processor!;
  return `${status}: ${message}`;
};
const says = (test: TestWorker, expected: RegExp) => async (): Promise<boolean> =>
  expected.test(await commandProcessor(test));
const archived = (namespace: string, many: number) => async (): Promise<boolean> =>
  (await harness.count(`a_${namespace}_queue`)) === many;

describe("a worker whose outcomes one queue refuses", () => {
  it("is degraded immediately, and runs the steps of other queues, however many outcomes wait", async () => {
    await openHarness();
    let end: () => void = () => undefined;
    const test = await startWorker(
      ["payments", "orders"],
      harness.database.url,
      new Promise<void>((resolve) => (end = resolve)),
    );
    await harness.query("alter table pgmq.a_payments_queue rename to away");
    await test.worker.enqueue(...stepsOf("payments", 60));
    await eventually("a full buffer", () => test.inFlight() === 20);
    end();
    await eventually(
      "a refusal",
      says(test, /^degraded: completions of payments_queue refused: table_not_found$/),
    );
    // So many failures in a row would open a breaker that counted them.
    const failures = (): number =>
      test.log.filter(({ message }) => message === "completions could not be written yet").length;
    await eventually("six failures", () => failures() >= 6);
    expect((await test.detailed()).checks.circuit_breakers).toMatchObject({ status: "healthy" });
    for (let round = 1; round <= 10; round += 1) {
      await test.worker.enqueue(...stepsOf("orders", 5));
      await eventually("the steps of orders", archived("orders", round * 5));
    }
    // It keeps no more than its share of the buffer, beyond what was under way when the refusal began.
    expect(test.inFlight()).toBeLessThanOrEqual(30);
    expect((await test.ready()).status).not.toBe("unhealthy");

    await harness.query("alter table pgmq.away rename to a_payments_queue");
    await eventually("the steps of payments", archived("payments", 60));
    await eventually("health", says(test, /^healthy: running, /));
    expect(test.runs.filter((run) => run === 7)).toHaveLength(1);
  });

  it.each([
    [
      "completions",
      0,
      "revoke all on pgmq.a_payments_queue from worker_role; alter table pgmq.a_payments_queue owner to current_user",
      "permission_denied",
    ],
    [
      "completions",
      0,
      "alter table pgmq.a_payments_queue add constraint never check (false) not valid",
      "check_violation",
    ],
    [
      "dead letters",
      "broken",
      "create function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'refused for a test'; end $$; create trigger refuse before insert on pgmq.q_payments_dead_letter for each row execute function pgmq.refuse()",
      "raised_exception",
    ],
  ])(
    "is unready, and alive, when its %s (%j) have been refused for a while, and recovers",
    async (what, input, refuse, kind) => {
      await openHarness();
      const test = await startWorker(["payments"], await urlOfRole());
      await harness.query(refuse);
      await test.worker.enqueue(...stepsOf("payments", 3, () => input));
      await eventually(
        "a refusal",
        says(test, new RegExp(`^degraded: ${what} of payments_queue refused: ${kind}$`)),
      );
      await eventually(
        "unreadiness",
        says(
          test,
          new RegExp(`^unhealthy: ${what} of payments_queue refused for \\d+ ms: ${kind}$`),
        ),
      );
      expect((await test.live()).status).toBe("alive");
      expect([(await test.ready()).status, test.runs.length]).toEqual(["unhealthy", 3]);
      await harness.query(
        "grant all on pgmq.a_payments_queue to worker_role; alter table pgmq.a_payments_queue drop constraint if exists never; drop function if exists pgmq.refuse cascade",
      );
      await eventually("the outcomes", archived("payments", 3));
      await eventually("readiness", async () => (await test.ready()).status === "healthy");
    },
  );

  it.each([
    ["08001", "connection_failed"],
    ["08P01", "protocol_violation"],
    ["25006", "read_only"],
    ["28000", "authentication_failed"],
    ["3D000", "database_not_found"],
    ["53300", "too_many_connections"],
    ["57P01", "shutting_down"],
  ])("does not take a trigger that raises %s for a database that is away", async (code, kind) => {
    await openHarness();
    const test = await startWorker(["payments", "orders"]);
    await harness.query(
      `create function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'the audit server is away' using errcode = '${code}'; end $$; create constraint trigger refuse after insert on pgmq.a_payments_queue deferrable initially ${code < "3" ? "deferred" : "immediate"} for each row when (new.message->>'input' <> '1') execute function pgmq.refuse()`,
    );
    await test.worker.enqueue(...stepsOf("payments", 20));
    await eventually("the one that the trigger lets pass", archived("payments", 1));
    for (let round = 1; round <= 10; round += 1) {
      await test.worker.enqueue(stepOf("orders", round));
      await eventually("the step of orders", archived("orders", round));
    }
    expect(await commandProcessor(test)).toMatch(
      new RegExp(`: completions of payments_queue refused.*: ${kind}$`),
    );
    expect((await test.detailed()).checks.circuit_breakers).toMatchObject({ status: "healthy" });
    await eventually("unreadiness", says(test, /^unhealthy: completions of payments_queue/));
    await harness.query("drop function pgmq.refuse cascade");
    await eventually("the others", archived("payments", 20));
    await eventually("health", says(test, /^healthy: running, /));
    expect(test.runs.filter((run) => run === 7)).toHaveLength(2);
  });

  it("writes all but the one that is refused, and stays ready while it does", async () => {
    await openHarness();
    const test = await startWorker(["payments"]);
    await harness.query(
      "alter table pgmq.a_payments_queue add constraint odd check (message->>'input' <> '13')",
    );
    await test.worker.enqueue(...stepsOf("payments", 50));
    await eventually("the others", archived("payments", 49));
    expect(await commandProcessor(test)).toBe(
      "degraded: completions of payments_queue refused: check_violation",
    );
    for (let step = 50; step < 53; step += 1) {
      await test.worker.enqueue(stepOf("payments", step));
      await eventually("another", archived("payments", step));
    }
    await harness.query("alter table pgmq.a_payments_queue drop constraint odd");
    await eventually("that one", archived("payments", 53));
    expect(test.runs).toHaveLength(53);
  });
});

it("dead letters of a worker whose database has another encoding are written, and its other queues served", async () => {
  await openHarness();
  const url = await createEncodedDatabase(harness.database.url, "LATIN1");
  const test = await startWorker(["payments", "orders"], url);
  const count = async (table: string): Promise<number> =>
    (
      await withClient(url, (client) =>
        client.query<{ n: number }>(`select count(*)::int as n from pgmq.${table}`),
      )
    ).rows[0]!.n;
  // The database stores the steps but not the messages of their handlers.
  await test.worker.enqueue(...stepsOf("payments", 12, (index) => `fail ${index}`));
  await test.worker.enqueue(...stepsOf("orders", 5));
  await eventually("the dead letters", async () => (await count("q_payments_dead_letter")) === 12);
  await eventually("the steps of orders", async () => (await count("a_orders_queue")) === 5);
  expect(await commandProcessor(test)).toMatch(/^healthy: running, /);
});
