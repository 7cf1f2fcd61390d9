import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createWakeup } from "./wakeup.js";

const scheduler = { requestClaim: () => undefined, requestPeek: () => undefined };

describe("the wakeup of the claim loop", () => {
  it("ends a wait early, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const signal = createWakeup({ clock, scheduler });
    const wait = signal.wait(1_000);
    signal.notify();
    await wait;
    expect(clock.monotonicMs()).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("lets a wait last its whole time when nothing notifies", async () => {
    const clock = createFakeClock();
    let hasEnded = false;
    const wait = createWakeup({ clock, scheduler })
      .wait(1_000)
      .then(() => (hasEnded = true));
    await clock.advance(999);
    expect(hasEnded).toBe(false);
    await clock.advance(1);
    await wait;
  });

  it("ends the next wait, and that one alone, when it comes while nobody waits", async () => {
    const clock = createFakeClock();
    const signal = createWakeup({ clock, scheduler });
    signal.notify();
    signal.notify();
    await signal.wait(1_000);
    expect(clock.pendingTimers()).toBe(0);
    void signal.wait(1_000);
    expect(clock.pendingTimers()).toBe(1);
  });

  it("never loses a notification, in whatever order things happen", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("work", "turn", "time"), { maxLength: 30 }),
        async (events) => {
          const clock = createFakeClock();
          const signal = createWakeup({ clock, scheduler });
          let notified = 0;
          let seen = 0;
          const loop = async (): Promise<void> => {
            for (;;) {
              seen = notified;
              if (seen === Number.POSITIVE_INFINITY) return;
              await signal.wait(1_000);
            }
          };
          const running = loop();
          for (const event of events) {
            if (event === "turn") await Promise.resolve();
            else if (event === "time") await clock.advance(1_000);
            else {
              notified += 1;
              signal.notify();
            }
          }
          await clock.advance(0);
          expect(seen).toBe(notified);
          notified = Number.POSITIVE_INFINITY;
          signal.notify();
          await running;
        },
      ),
    );
  });
});
