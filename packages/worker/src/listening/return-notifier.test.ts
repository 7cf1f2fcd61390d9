import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { createReturnNotifier } from "./return-notifier.js";

function createTestNotices(refuse = false) {
  const clock = createFakeClock();
  const sent: (readonly string[])[] = [];
  const notices = createReturnNotifier({
    queues: {
      async notifyOfReturn(queueNames) {
        sent.push(queueNames);
        if (refuse) throw new Error("away");
      },
    },
    clock,
  });
  return { clock, notices, sent };
}

it("returns of 50 ms share a statement, however many queues they are of", async () => {
  const { clock, notices, sent } = createTestNotices();
  for (const name of ["a_queue", "b_queue", "a_queue"]) notices.returned(name);
  await clock.advance(49);
  expect(sent).toEqual([]);
  await clock.advance(1);
  notices.returned("a_queue");
  await clock.advance(1_000);
  expect(sent).toEqual([["a_queue", "b_queue"], ["a_queue"]]);
});

it("a stopping worker sends what waits at once, and leaves no timer behind", async () => {
  const { clock, notices, sent } = createTestNotices();
  notices.returned("a_queue");
  await notices.flush();
  await notices.flush();
  expect([sent, clock.pendingTimers()]).toEqual([[["a_queue"]], 0]);
});

it("a database that is away is not told, and nothing is thrown", async () => {
  const { notices, sent } = createTestNotices(true);
  notices.returned("a_queue");
  await notices.flush();
  expect(sent).toHaveLength(1);
});
