import { describe, expect, it } from "vitest";
import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createPoolWatchdog } from "./pool-watchdog.js";

type State = "answers" | "refuses" | "hangs";

function createTestWatchdog() {
  const clock = createFakeClock();
  const { liveness } = createWorkerContext({ clock });
  let [pool, direct]: State[] = ["answers", "answers"];
  let abandoned = 0;
  let answerDirectly: () => void = () => undefined;
  const ask = (state: State | undefined): Promise<void> =>
    state === "answers"
      ? Promise.resolve()
      : state === "refuses"
        ? Promise.reject(new Error("no"))
        : new Promise(() => undefined);
  const watchdog = createPoolWatchdog({
    database: {
      ping(signal) {
        signal.addEventListener("abort", () => (abandoned += 1));
        return ask(pool);
      },
    },
    pingDirectly: () =>
      direct === "hangs" ? new Promise<void>((resolve) => (answerDirectly = resolve)) : ask(direct),
    liveness,
    clock,
    deadAfterMs: 60_000,
  });
  watchdog.start();
  return {
    clock,
    liveness,
    abandoned: () => abandoned,
    answerDirectly: () => answerDirectly(),
    set: (states: { readonly pool: State; readonly direct: State }): void => {
      ({ pool, direct } = states);
    },
  };
}

describe("the pool's watchdog", () => {
  it.each(["refuses", "hangs"] as const)(
    "reports a pool that %s for a minute while the database answers others",
    async (pool) => {
      const { clock, liveness, set } = createTestWatchdog();
      set({ pool, direct: "answers" });
      await clock.advance(60_000);
      expect(liveness.deadReason()).toBeNull();
      await clock.advance(15_000);
      expect(liveness.deadReason()).toBe("pool_dead");
    },
  );

  it("never reports a database that is down for everybody", async () => {
    const { clock, liveness, set } = createTestWatchdog();
    set({ pool: "refuses", direct: "refuses" });
    await clock.advance(3_600_000);
    expect(liveness.deadReason()).toBeNull();
  });

  it.each(["refuses", "hangs"] as const)(
    "does not report at the end of an outage in which the pool %s, however long it lasted",
    async (pool) => {
      const { clock, liveness, set } = createTestWatchdog();
      set({ pool, direct: "refuses" });
      await clock.advance(600_000);
      set({ pool, direct: "answers" });
      await clock.advance(60_000);
      expect(liveness.deadReason()).toBeNull();
      set({ pool: "answers", direct: "answers" });
      await clock.advance(600_000);
      expect(liveness.deadReason()).toBeNull();
    },
  );

  it("counts a direct ping that hung during the outage as good once it answers", async () => {
    const { clock, liveness, set, answerDirectly } = createTestWatchdog();
    set({ pool: "hangs", direct: "hangs" });
    await clock.advance(600_000);
    set({ pool: "hangs", direct: "answers" });
    answerDirectly();
    await clock.advance(59_000);
    expect(liveness.deadReason()).toBeNull();
    await clock.advance(15_000);
    expect(liveness.deadReason()).toBe("pool_dead");
  });

  it("starts again when the database does not answer other connections in between", async () => {
    const { clock, liveness, set } = createTestWatchdog();
    set({ pool: "refuses", direct: "answers" });
    await clock.advance(55_000);
    set({ pool: "refuses", direct: "refuses" });
    await clock.advance(5_000);
    set({ pool: "refuses", direct: "answers" });
    await clock.advance(60_000);
    expect(liveness.deadReason()).toBeNull();
    await clock.advance(10_000);
    expect(liveness.deadReason()).toBe("pool_dead");
  });

  it("closes the connection of a hanging ping", async () => {
    const { clock, abandoned, set } = createTestWatchdog();
    set({ pool: "hangs", direct: "answers" });
    await clock.advance(10_000);
    expect(abandoned()).toBe(1);
  });

  it("starts again when the pool answers in between, and withdraws its report", async () => {
    const { clock, liveness, set } = createTestWatchdog();
    set({ pool: "refuses", direct: "answers" });
    await clock.advance(55_000);
    set({ pool: "answers", direct: "answers" });
    await clock.advance(5_000);
    set({ pool: "refuses", direct: "answers" });
    await clock.advance(60_000);
    expect(liveness.deadReason()).toBeNull();
    await clock.advance(10_000);
    expect(liveness.deadReason()).toBe("pool_dead");
    set({ pool: "answers", direct: "answers" });
    await clock.advance(5_000);
    expect(liveness.deadReason()).toBeNull();
  });
});
