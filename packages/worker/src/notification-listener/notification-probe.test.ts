import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createNotificationProbe } from "./notification-probe.js";

const answers = async (): Promise<void> => undefined;

describe("the notification probe", () => {
  it("passes when the notification arrives, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const test = createNotificationProbe({
      clock,
      notify: async () => void setImmediate(() => test.received()),
    });
    await expect(test.run(answers)).resolves.toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("passes if the notification arrives before the sender knows that it was sent", async () => {
    const clock = createFakeClock();
    const test = createNotificationProbe({ clock, notify: async () => test.received() });
    await expect(test.run(answers)).resolves.toBe(true);
  });

  it("fails when a notification was sent and nothing is heard for five seconds", async () => {
    const clock = createFakeClock();
    const test = createNotificationProbe({ clock, notify: answers });
    const receives = test.run(answers);
    await clock.advance(5_000);
    await expect(receives).resolves.toBe(false);
  });

  it("passes when no notification can be sent", async () => {
    const test = createNotificationProbe({
      clock: createFakeClock(),
      notify: () => Promise.reject(new Error("away")),
    });
    await expect(test.run(answers)).resolves.toBe(true);
  });

  it("rejects when the listening connection does not answer, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const test = createNotificationProbe({ clock, notify: answers });
    await expect(test.run(() => Promise.reject(new Error("Query read timeout")))).rejects.toThrow(
      "Query read timeout",
    );
    expect(clock.pendingTimers()).toBe(0);
  });

  it("is one's own: two listeners of one database do not hear each other's", () => {
    const [one, other] = [0, 1].map(() =>
      createNotificationProbe({ clock: createFakeClock(), notify: answers }),
    );
    expect(one!.channel).not.toBe(other!.channel);
    expect(one!.channel).toMatch(/^tasker_listener_[0-9a-f]{32}$/);
  });
});
