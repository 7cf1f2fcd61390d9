import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createNotificationRequests } from "./notification-requests.js";

/** Requests for the queue `orders_queue`; what they ask is written down, and refused while `isTaken`. */
async function createTestRequests() {
  const clock = createFakeClock();
  const state = { isTaken: false, asked: [] as string[], resumed: 0 };
  const requests = createNotificationRequests({
    query: async ({ text }) => {
      const isRequest = text.includes("try_advisory");
      state.asked.push(isRequest ? "request" : "withdraw");
      return isRequest ? [{ name: "orders_queue", is_granted: !state.isTaken }] : [];
    },
    onRequested: () => (state.resumed += 1),
    onFailure: () => undefined,
    clock,
  });
  await requests.start(["orders_queue"]);
  return { clock, state, requests };
}

/** Milliseconds from the notifications to the next request. */
async function pauseAfter(
  { clock, state, requests }: Awaited<ReturnType<typeof createTestRequests>>,
  ...sources: string[]
): Promise<number> {
  for (const source of sources) requests.recordNotification("orders_queue", source);
  const count = state.asked.length;
  for (let ms = 1; ms < 1_000; ms += 1) {
    await clock.advance(1);
    if (state.asked.length > count) return ms;
  }
  return Number.POSITIVE_INFINITY;
}

describe("requests for notification", () => {
  it("end at the first notification, and start again before the queue is polled again", async () => {
    const test = await createTestRequests();
    expect(test.state).toMatchObject({ asked: ["request"], resumed: 1 });
    expect(await pauseAfter(test, "", "enqueue")).toBe(20);
    expect(test.state).toMatchObject({ asked: ["request", "withdraw", "request"], resumed: 2 });
  });

  it("wait longer while several transactions notify at once, up to 160 ms, and no longer when they stop", async () => {
    const test = await createTestRequests();
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) pauses.push(await pauseAfter(test, "", "", ""));
    pauses.push(await pauseAfter(test, ""), await pauseAfter(test, ""));
    expect(pauses).toEqual([20, 40, 80, 160, 160, 160, 160, 20]);
  });

  it("start again when a sender had the lock, and the queue is polled meanwhile", async () => {
    const test = await createTestRequests();
    test.state.isTaken = true;
    await pauseAfter(test, "");
    test.state.isTaken = false;
    await test.clock.advance(100);
    expect(test.state).toMatchObject({
      asked: ["request", "withdraw", "request", "request"],
      resumed: 3,
    });
  });

  it("leave no timer behind", async () => {
    const { clock, requests } = await createTestRequests();
    requests.recordNotification("orders_queue", "");
    requests.close();
    requests.recordNotification("orders_queue", "");
    expect(clock.pendingTimers()).toBe(0);
  });
});
