import { inProcess, invoke } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  eventually,
  type Sections,
  stepNamed,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);

const dispatch = (keys: Sections): Sections => ({ mpsc_channels: { handler_dispatch: keys } });
const poller = (keys: Sections): Sections => ({
  event_systems: { worker: { metadata: { fallback_poller: keys } } },
});
const sixSteps = [1, 2, 3, 4, 5, 6].map(() => stepNamed("plain")) as [ReturnType<typeof stepNamed>];

/** A worker whose handlers stay until they are let go, or the test ends. */
async function startGated(options: Parameters<WorkerHarness["start"]>[0]) {
  const leaving: (() => void)[] = [];
  let isOpen = false;
  let begun = 0;
  let mostAtOnce = 0;
  const Test = async (): Promise<void> => {
    begun += 1;
    if (isOpen) return;
    await new Promise<void>(
      (resolve) => (mostAtOnce = Math.max(mostAtOnce, leaving.push(resolve))),
    );
  };
  const { worker } = await harness.start({ ...options, handlers: { Test } });
  // Runs before the worker is stopped, which would wait for them.
  onTestFinished(() => {
    isOpen = true;
    for (const leave of leaving) leave();
  });
  return {
    worker,
    running: () => leaving.length,
    begun: () => begun,
    mostAtOnce: () => mostAtOnce,
    letOneGo: () => leaving.shift()?.(),
  };
}

/** Lets all six steps go, one by one, each when as many are under way as may be. */
async function letAllGo(
  { running, begun, letOneGo }: Awaited<ReturnType<typeof startGated>>,
  most: number,
): Promise<void> {
  for (let gone = 0; gone < 6; gone += 1) {
    await eventually("as many as may be", () => running() === Math.min(most, 6 - gone));
    letOneGo();
  }
  expect(begun()).toBe(6);
}

describe("handler_dispatch", () => {
  it.each([2, 5])(
    "max_concurrent_handlers %i: that many run at once, and no more",
    async (max_concurrent_handlers) => {
      const gated = await startGated({ worker: dispatch({ max_concurrent_handlers }) });
      await gated.worker.enqueue(...sixSteps);
      await letAllGo(gated, max_concurrent_handlers);
      expect(gated.mostAtOnce()).toBe(max_concurrent_handlers);
    },
  );

  it.each([3, 5])(
    "dispatch_buffer_size %i: no more are in flight, however many slots are free",
    async (dispatch_buffer_size) => {
      const gated = await startGated({
        worker: dispatch({ max_concurrent_handlers: 10, dispatch_buffer_size }),
      });
      await gated.worker.enqueue(...sixSteps);
      await letAllGo(gated, dispatch_buffer_size);
      expect(gated.mostAtOnce()).toBe(dispatch_buffer_size);
    },
  );

  it.each([100, 150])(
    "handler_timeout_ms %i: for a step that sets none of its own",
    async (handler_timeout_ms) => {
      const { worker } = await startGated({ worker: dispatch({ handler_timeout_ms }) });
      await worker.enqueue(stepNamed("once"));
      await eventually(
        "the dead letter",
        async () => (await harness.count("q_payments_dead_letter")) === 1,
      );
      expect(await harness.deadLetters()).toMatchObject([
        { reason: { message: `The handler did not finish within ${handler_timeout_ms} ms.` } },
      ]);
      // What `template_get` answers is what the step ran by.
      expect(
        await invoke(worker.operations.template_get!, stepNamed("once").template, inProcess),
      ).toMatchObject({
        template: {
          template: {
            steps: expect.arrayContaining([
              expect.objectContaining({
                name: "once",
                timeout_seconds: handler_timeout_ms / 1_000,
              }),
            ]),
          },
        },
      });
    },
  );
});

describe("event_systems.worker", () => {
  it.each([5, 500])(
    "visibility_timeout_seconds %i: a claimed step is hidden for so long",
    async (visibility_timeout_seconds) => {
      const { worker, running } = await startGated({
        worker: { event_systems: { worker: { timing: { visibility_timeout_seconds } } } },
      });
      await worker.enqueue(stepNamed("plain"));
      await eventually("the run", () => running() === 1);
      const [hidden] = await harness.query<{ since_sent: number; from_now: number }>(
        "select extract(epoch from vt - enqueued_at)::float8 as since_sent, extract(epoch from vt - now())::float8 as from_now from pgmq.q_payments_queue",
      );
      expect(hidden?.since_sent).toBeGreaterThanOrEqual(visibility_timeout_seconds);
      expect(hidden?.from_now).toBeLessThanOrEqual(visibility_timeout_seconds);
    },
  );

  it.each([
    [2, [2, 4]],
    [6, [6]],
  ])(
    "batch_size %i: the most that a claim takes of a queue that nothing is known of",
    async (batch_size, expected) => {
      const { worker, running } = await startGated({
        worker: { ...poller({ batch_size }), notifications: "off" },
      });
      worker.pause();
      await worker.enqueue(...sixSteps);
      worker.resume();
      await eventually("all runs", () => running() === 6);
      const claims = await harness.query<{ n: number }>(
        "select count(*)::int as n from pgmq.q_payments_queue group by xmin",
      );
      expect(claims.map(({ n }) => n).toSorted()).toEqual(expected);
    },
  );

  it.each([2_000, 6_000])(
    "polling_interval_ms %i: when a step is found of which nothing was heard",
    async (polling_interval_ms) => {
      // Else a poll comes up to a quarter earlier or later.
      const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
      onTestFinished(() => random.mockRestore());
      const clock = createFakeClock();
      const { worker, running } = await startGated({
        clock,
        worker: { ...poller({ polling_interval_ms }), notifications: "off" },
      });
      for (let turn = 0; turn < 3; turn += 1)
        await clock.advance(300).then(() => harness.query("select"));
      const unheardOfSinceMs = clock.monotonicMs();
      await worker.enqueue(stepNamed("plain"));
      await eventually("the run", async () => (await clock.advance(250), running() === 1));
      expect(clock.monotonicMs() - unheardOfSinceMs).toBeGreaterThanOrEqual(
        polling_interval_ms - 1_000,
      );
    },
  );
});

it.each([
  [0, [1, 0]],
  [600, [0, 1]],
])(
  "unknown_step_give_back_seconds %i: how long a step that nobody can run goes back to its queue",
  async (unknown_step_give_back_seconds, [deadLetters, left]) => {
    const { worker } = await harness.start({ worker: { unknown_step_give_back_seconds } });
    await worker.enqueue(stepNamed("lost"));
    await eventually(
      "the decision",
      async () =>
        (await harness.count("q_payments_dead_letter")) === 1 ||
        worker.context.steps.window().released > 0,
    );
    await worker.stop();
    expect([
      await harness.count("q_payments_dead_letter"),
      await harness.count("q_payments_queue"),
    ]).toEqual([deadLetters, left]);
  },
);

it.each([100, 600])(
  "shutdown.drain_timeout_ms %i: how long a step that does not end is waited for",
  async (drain_timeout_ms) => {
    const clock = createFakeClock();
    const { worker, running } = await startGated({
      clock,
      worker: { shutdown: { drain_timeout_ms } },
    });
    await worker.enqueue(stepNamed("plain"));
    await eventually("the run", async () => (await clock.advance(10), running() === 1));
    const stopped = vi.fn();
    const stopping = worker.stop().then(stopped);
    await clock.advance(drain_timeout_ms - 1);
    expect(worker.context.steps.window().in_flight).toBe(1);
    expect(stopped).not.toHaveBeenCalled();
    await clock.advance(1);
    await stopping;
  },
);
