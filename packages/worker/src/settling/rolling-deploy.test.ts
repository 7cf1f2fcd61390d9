import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createYamlFolderSource } from "@tasker-observability/templates";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type Sections,
  stepNamed,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeEach(async () => (harness = await createWorkerHarness()));
afterEach(() => harness.close());

/** Polls often, so that no test waits for a poll. */
const quick: Sections = {
  event_systems: { worker: { metadata: { fallback_poller: { polling_interval_ms: 50 } } } },
};
const Test = async (): Promise<void> => undefined;
/** What was released can be claimed at once; what a worker has claimed stays its own. */
const letVisible = (): Promise<unknown[]> =>
  harness.query("update pgmq.q_payments_queue set vt = now() where read_ct = 0");
const stepOfNewRelease = (): ReturnType<typeof stepNamed> => ({
  ...stepNamed("notify"),
  template: { namespace: "payments", name: "refund", version: "2.0.0" },
});

/** The templates of a release that has one more version, beside those of the harness. */
async function newRelease(): Promise<string> {
  const file = join(dirname(harness.templates), "refund-2.yml");
  await writeFile(
    file,
    "name: refund\nnamespace_name: payments\nversion: 2.0.0\nsteps: [{ name: notify, handler: { callable: Notify }, retry: { max_attempts: 1 } }]\n",
  );
  return file;
}

describe("a rolling deploy", () => {
  it("leaves the steps of the new release to it, all their attempts unused, however often old workers claim them", async () => {
    const old = await harness.start({ handlers: { Test }, worker: quick });
    const steps = Array.from({ length: 20 }, stepOfNewRelease);
    await old.worker.enqueue(steps[0]!, ...steps.slice(1));
    await eventually(
      "two claims of each by the old release",
      async () => (await letVisible(), old.worker.context.steps.window().released >= 40),
    );
    expect(await harness.count("q_payments_dead_letter")).toBe(0);

    const attempts: number[] = [];
    const templates = await newRelease();
    const Notify = async (
      _input: unknown,
      { step }: { step: { attempt: number } },
    ): Promise<void> => void attempts.push(step.attempt);
    await harness.start({ handlers: { Notify }, templates, worker: quick });
    await eventually(
      "all to have run",
      async () => (await letVisible(), (await harness.count("a_payments_queue")) === 20),
    );
    expect(attempts).toEqual(steps.map(() => 1));
    expect(await harness.count("q_payments_dead_letter")).toBe(0);
  });

  it("is reported by the old workers: degraded, counted by reason, logged once", async () => {
    const { worker, detailed, log } = await harness.start({ handlers: { Test }, worker: quick });
    await worker.enqueue(stepOfNewRelease(), stepOfNewRelease(), stepNamed("lost"));
    await eventually("three releases", () => worker.context.steps.window().released === 3);
    expect((await detailed()).checks.step_processing).toMatchObject({
      status: "degraded",
      message: expect.stringContaining("0 of 0 steps failed"),
    });
    expect(
      log
        .filter(({ message }) => message.startsWith("step given back"))
        .map(({ fields }) => fields.reason)
        .sort(),
    ).toEqual(["handler_not_registered", "template_not_found"]);
  });

  it("ends in a dead letter when the time is over, which a restart of the worker does not set back", async () => {
    const first = await harness.start({ handlers: { Test }, worker: quick });
    await first.worker.enqueue(stepOfNewRelease());
    await eventually("a release", () => first.worker.context.steps.window().released === 1);
    await first.worker.stop();
    // As if it had been released eleven minutes ago, and enqueued before.
    await harness.query(
      `update pgmq.q_payments_queue set vt = now(), enqueued_at = now() - interval '1 hour',
         message = jsonb_set(message, '{tasker_given_back,first_at}', to_jsonb(to_char((now() - interval '11 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))`,
    );
    const second = await harness.start({ handlers: { Test }, worker: quick });
    await eventually(
      "the dead letters",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    const [deadLetter] = await harness.deadLetters();
    expect(deadLetter?.reason).toMatchObject({
      code: "template_not_found",
      message: expect.stringMatching(
        /^Template payments\/refund 2\.0\.0 is not available: .* within 600 s .* Deploy a worker that has what is missing/,
      ),
    });
    expect(deadLetter?.message).not.toHaveProperty("tasker_given_back");
    expect(second.worker.context.steps.window().released).toBe(0);
  });

  it("is tried again while another worker completes such steps, and becomes a dead letter once none does", async () => {
    const old = await harness.start({ handlers: { Test }, worker: quick });
    const { template, stepName } = stepOfNewRelease();
    await harness.query(
      `insert into pgmq.a_payments_queue (msg_id, read_ct, enqueued_at, vt, message)
       select 1000, 1, now(), now(), jsonb_build_object('template', $1::jsonb, 'step_name', $2::text)`,
      [JSON.stringify(template), stepName],
    );
    await old.worker.enqueue(stepOfNewRelease());
    // The worker counts a return before it is written.
    await eventually("a release", async () => {
      const marked = "select from pgmq.q_payments_queue where message ? 'tasker_given_back'";
      return (await harness.query(marked)).length === 1;
    });
    // As if it had been released for eleven minutes.
    await harness.query(
      `update pgmq.q_payments_queue set vt = now(), enqueued_at = now() - interval '1 hour',
         message = jsonb_set(message, '{tasker_given_back,first_at}', to_jsonb(to_char((now() - interval '11 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))`,
    );
    await eventually("another release", () => old.worker.context.steps.window().released === 2);
    expect(await harness.count("q_payments_dead_letter")).toBe(0);
    await harness.query("update pgmq.a_payments_queue set archived_at = now() - interval '1 hour'");
    await eventually("the dead letters", async () => {
      await letVisible();
      return (await harness.count("q_payments_dead_letter")) === 1;
    });
  });

  it("runs a step on the very worker that gave it back, once that has the template", async () => {
    const { worker } = await harness.start({
      handlers: { Test },
      templates: join(dirname(harness.templates), "*.{yaml,yml}"),
      worker: { ...quick, templates: { watch_interval_seconds: 1 } },
    });
    await worker.enqueue({
      ...stepNamed("plain"),
      template: { namespace: "payments", name: "refund", version: "3.0.0" },
    });
    await eventually("a release", () => worker.context.steps.window().released > 0);
    const text = await readFile(harness.templates.replace("*", "refund"), "utf8");
    await writeFile(
      join(dirname(harness.templates), "refund-3.yml"),
      text.replace("version: 1.0.0", "version: 3.0.0"),
    );
    await eventually("the run", async () => (await harness.count("a_payments_queue")) === 1);
  });

  it("leaves large numbers and every other key of a message as they were", async () => {
    const { worker } = await harness.start({ handlers: { Test }, worker: quick });
    const message = JSON.stringify({ ...messageOf("lost"), more: "kept" }).replace(
      '"more"',
      '"id":12345678901234567890.5,"more"',
    );
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [message]);
    await eventually("a release", () => worker.context.steps.window().released > 0);
    await worker.stop();
    expect(
      await harness.query(
        "select read_ct, message - 'tasker_given_back' = $1::jsonb as same from pgmq.q_payments_queue",
        [message],
      ),
    ).toEqual([{ read_ct: 0, same: true }]);
  });
});

it("a step whose templates cannot be read goes back for as long as that lasts, with a limit of 0 too", async () => {
  let isAway = true;
  const files = createYamlFolderSource({ patterns: harness.templates });
  const { worker } = await harness.start({
    handlers: { Test },
    worker: { ...quick, unknown_step_give_back_seconds: 0 },
    templates: {
      namespaces: (signal) => files.namespaces(signal),
      list: (query, signal) => files.list(query, signal),
      refetch: (identity, signal) => files.refetch(identity, signal),
      find: (identity, signal) =>
        isAway ? Promise.reject(new Error("away")) : files.find(identity, signal),
    },
  });
  await worker.enqueue(stepNamed("once"));
  await eventually(
    "two releases",
    async () => (await letVisible(), worker.context.steps.window().released >= 2),
  );
  isAway = false;
  await eventually(
    "the run",
    async () => (await letVisible(), (await harness.count("a_payments_queue")) === 1),
  );
  expect(await harness.query("select read_ct from pgmq.a_payments_queue")).toEqual([
    { read_ct: 1 },
  ]);
  expect(await harness.count("q_payments_dead_letter")).toBe(0);
});
