import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { createReleaseNotifier } from "./release-notifier.js";

function createTestNotifier(refuse = false) {
  const clock = createFakeClock();
  const sent: (readonly string[])[] = [];
  const notifier = createReleaseNotifier({
    queues: {
      async notifyOfRelease(queueNames) {
        sent.push(queueNames);
        if (refuse) throw new Error("away");
      },
    },
    clock,
  });
  return { clock, notifier, sent };
}

it("releases of 50 ms share a statement, however many queues they are of", async () => {
  const { clock, notifier, sent } = createTestNotifier();
  for (const name of ["a_queue", "b_queue", "a_queue"]) notifier.released(name);
  await clock.advance(49);
  expect(sent).toEqual([]);
  await clock.advance(1);
  notifier.released("a_queue");
  await clock.advance(1_000);
  expect(sent).toEqual([["a_queue", "b_queue"], ["a_queue"]]);
});

it("a stopping worker sends what waits at once, and leaves no timer behind", async () => {
  const { clock, notifier, sent } = createTestNotifier();
  notifier.released("a_queue");
  await notifier.flush();
  await notifier.flush();
  expect([sent, clock.pendingTimers()]).toEqual([[["a_queue"]], 0]);
});

it("a database that is away is not told, and nothing is thrown", async () => {
  const { notifier, sent } = createTestNotifier(true);
  notifier.released("a_queue");
  await notifier.flush();
  expect(sent).toHaveLength(1);
});
