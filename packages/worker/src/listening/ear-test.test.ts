import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createEarTest } from "./ear-test.js";

const answers = async (): Promise<void> => undefined;

describe("the ear test", () => {
  it("passes when the notification arrives, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const test = createEarTest({
      clock,
      notify: async () => void setImmediate(() => test.heard()),
    });
    await expect(test.run(answers)).resolves.toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("passes when the notification arrives before the sender knows that it was sent", async () => {
    const clock = createFakeClock();
    const test = createEarTest({ clock, notify: async () => test.heard() });
    await expect(test.run(answers)).resolves.toBe(true);
  });

  it("fails when a notification was sent and nothing is heard for five seconds", async () => {
    const clock = createFakeClock();
    const test = createEarTest({ clock, notify: answers });
    const hears = test.run(answers);
    await clock.advance(5_000);
    await expect(hears).resolves.toBe(false);
  });

  it("says nothing against the listener where nobody can notify", async () => {
    const test = createEarTest({
      clock: createFakeClock(),
      notify: () => Promise.reject(new Error("away")),
    });
    await expect(test.run(answers)).resolves.toBe(true);
  });

  it("rejects where the listening connection does not answer, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const test = createEarTest({ clock, notify: answers });
    await expect(test.run(() => Promise.reject(new Error("Query read timeout")))).rejects.toThrow(
      "Query read timeout",
    );
    expect(clock.pendingTimers()).toBe(0);
  });

  it("is one's own: two listeners of one database do not hear each other's", () => {
    const [one, other] = [0, 1].map(() =>
      createEarTest({ clock: createFakeClock(), notify: answers }),
    );
    expect(one!.channel).not.toBe(other!.channel);
    expect(one!.channel).toMatch(/^tasker_listener_[0-9a-f]{32}$/);
  });
});
