import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { createWakeUp } from "./wake-up.js";

describe("a wake-up", () => {
  it("ends a sleep before its time, and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const wakeUp = createWakeUp(clock);
    const sleep = wakeUp.sleep(1_000);
    wakeUp.wake();
    await sleep;
    expect(clock.monotonicMs()).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("lets the sleep last its whole time where nobody wakes it", async () => {
    const clock = createFakeClock();
    let isAwake = false;
    const sleep = createWakeUp(clock)
      .sleep(1_000)
      .then(() => (isAwake = true));
    await clock.advance(999);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    await sleep;
  });

  it("that comes while nobody sleeps is for the next sleeper, and for that one only", async () => {
    const clock = createFakeClock();
    const wakeUp = createWakeUp(clock);
    wakeUp.wake();
    wakeUp.wake();
    await wakeUp.sleep(1_000);
    expect(clock.pendingTimers()).toBe(0);
    void wakeUp.sleep(1_000);
    expect(clock.pendingTimers()).toBe(1);
  });

  it("is never lost: work that was announced by one is seen within no time, in every order of events", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("work", "turn", "time"), { maxLength: 30 }),
        async (events) => {
          const clock = createFakeClock();
          const wakeUp = createWakeUp(clock);
          let announced = 0;
          let seen = 0;
          const loop = async (): Promise<void> => {
            for (;;) {
              seen = announced;
              if (seen === Number.POSITIVE_INFINITY) return;
              await wakeUp.sleep(1_000);
            }
          };
          const running = loop();
          for (const event of events) {
            if (event === "turn") await Promise.resolve();
            else if (event === "time") await clock.advance(1_000);
            else {
              announced += 1;
              wakeUp.wake();
            }
          }
          await clock.advance(0);
          expect(seen).toBe(announced);
          announced = Number.POSITIVE_INFINITY;
          wakeUp.wake();
          await running;
        },
      ),
    );
  });
});
