import { describe, expect, it } from "vitest";
import { runDeadLetters } from "../dead-letters/run-dead-letters.js";
import { createTestRole } from "../testing/test-role.js";
import { eventually, loggedBeside, stepNamed, testConfig } from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

const Test = async (
  input: unknown,
  { step }: { readonly step: { readonly attempt: number } },
): Promise<void> => {
  if (input === "fail" || (input === "fail once" && step.attempt === 1))
    throw new Error("It fails.");
};
const secureRows =
  "alter table pgmq.q_payments_queue enable row level security; create policy everything on pgmq.q_payments_queue using (true)";

describe("a role or a database whose settings are", () => {
  it.each([
    ["default_transaction_isolation = 'serializable'"],
    ["default_transaction_isolation = 'repeatable read'"],
    ["default_transaction_deferrable = on"],
    ["statement_timeout = '150ms'"],
    ["lock_timeout = '1ms'"],
    ["idle_in_transaction_session_timeout = '1ms'"],
    ["row_security = off"],
    ["search_path = nowhere"],
    ["standard_conforming_strings = off"],
    ["DateStyle = 'SQL, DMY'"],
    ["IntervalStyle = sql_standard"],
    ["TimeZone = 'Asia/Kathmandu'"],
  ])("%s has its steps run, counted and settled as any other", async (setting) => {
    const role = await createTestRole(harness.database.url);
    // The owner makes the queues, and all that belongs to them.
    await (await harness.start()).worker.stop();
    await harness.query(
      `grant usage on schema pgmq to ${role.name}; grant select, insert, update, delete on all tables in schema pgmq to ${role.name}; ${secureRows}; alter role ${role.name} set ${setting}`,
    );
    const tests = await Promise.all(
      Array.from({ length: 3 }, () =>
        harness.start({
          url: role.url,
          handlers: { Test },
          worker: { health: { cache_ttl_ms: 0 } },
        }),
      ),
    );
    const inputs = Array.from({ length: 300 }, (_, index) =>
      index < 20 ? "fail once" : index < 30 ? "fail" : index,
    );
    await tests[0]!.worker.enqueue(
      ...(inputs.map((input) => stepNamed("plain", input)) as [ReturnType<typeof stepNamed>]),
    );
    await eventually("an empty queue", async () => (await harness.count("q_payments_queue")) === 0);
    expect(await harness.count("q_payments_dead_letter")).toBe(10);
    expect((await tests[0]!.detailed()).checks.queue_processing).toMatchObject({
      status: "healthy",
    });
    const warned = tests.flatMap(({ log }) =>
      loggedBeside(log).filter(({ level }) => level === "warn" || level === "error"),
    );
    expect(
      warned.filter(({ message }) => !/notif|^step failed|^health check/.test(message)),
    ).toEqual([]);
    const silent = { print: () => Promise.resolve(), note: () => Promise.resolve() };
    await runDeadLetters(["purge", "--namespace", "payments", "--all"], silent, () =>
      testConfig({ url: role.url, templates: harness.templates }),
    );
    expect(await harness.count("q_payments_dead_letter")).toBe(0);
    await Promise.all(tests.map(({ worker }) => worker.stop()));
  });
});
