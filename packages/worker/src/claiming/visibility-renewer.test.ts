import { describe, expect, it } from "vitest";
import { claimOf } from "../testing/claimed-message.js";
import { createTestRenewer } from "../testing/test-renewer.js";

describe("the visibility renewer", () => {
  it("renews the steps in flight every third of the visibility time-out, one statement a queue", async () => {
    const { clock, inFlight, renewals, renewer } = createTestRenewer();
    inFlight.add("payments", claimOf("1"));
    inFlight.add("payments", claimOf("2"));
    inFlight.add("payments", claimOf("3", "orders_queue"));
    renewer.start();
    renewer.start();
    await clock.advance(20_000);
    expect(renewals).toEqual([
      { atMs: 10_000, queue: "payments_queue", ids: ["1", "2"] },
      { atMs: 10_000, queue: "orders_queue", ids: ["3"] },
      { atMs: 20_000, queue: "payments_queue", ids: ["1", "2"] },
      { atMs: 20_000, queue: "orders_queue", ids: ["3"] },
    ]);
  });

  it("goes on renewing a step whose outcome waits to be written", async () => {
    const { clock, inFlight, renewals, renewer } = createTestRenewer();
    inFlight.markDecided(inFlight.add("payments", claimOf("1")));
    renewer.start();
    await clock.advance(10_000);
    expect(renewals).toHaveLength(1);
  });

  it("keeps its pace when the database is slow", async () => {
    const { clock, inFlight, renewals, renewer } = createTestRenewer(async (ids) => {
      await new Promise<void>((resolve) => void clock.after(9_000, resolve));
      return new Set(ids);
    });
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(30_000);
    expect(renewals.map(({ atMs }) => atMs)).toEqual([10_000, 20_000, 30_000]);
  });

  it("tries again after a second when a renewal fails, before the time-out is lost", async () => {
    let failuresLeft = 3;
    const { clock, inFlight, renewals, warnings, renewer } = createTestRenewer(async (ids) => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error("connection reset");
      return new Set(ids);
    });
    const step = inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(25_000);
    expect(renewals.map(({ atMs }) => atMs)).toEqual([10_000, 11_000, 12_000, 13_000, 23_000]);
    expect(warnings).toEqual(Array(3).fill("visibility could not be renewed"));
    expect(step.controller.signal.aborted).toBe(false);
  });

  it("aborts a step whose claim was lost, once, and no other", async () => {
    const { clock, inFlight, warnings, renewer } = createTestRenewer(async () => new Set(["2"]));
    const [lost, ours] = [
      inFlight.add("payments", claimOf("1")),
      inFlight.add("payments", claimOf("2")),
    ];
    renewer.start();
    await clock.advance(20_000);
    expect(lost.controller.signal.reason).toMatchObject({
      name: "ClaimLostError",
      code: "claim_lost",
    });
    expect(ours.controller.signal.aborted).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  it("does not take a step for lost whose outcome was decided or written while the renewal was under way", async () => {
    const { clock, inFlight, warnings, renewer } = createTestRenewer(async () => {
      inFlight.markDecided(written);
      inFlight.remove(written);
      inFlight.markDecided(decided);
      return new Set();
    });
    const [written, decided] = [
      inFlight.add("payments", claimOf("1")),
      inFlight.add("payments", claimOf("2")),
    ];
    renewer.start();
    await clock.advance(10_000);
    expect(warnings).toEqual([]);
    expect(decided.controller.signal.aborted).toBe(false);
  });

  it("does not take a step for lost that its own worker has claimed again meanwhile, and renews that claim", async () => {
    const { clock, inFlight, warnings, readCounts, renewer } = createTestRenewer(async (ids) => {
      if (step.fence.readCount === 2) return new Set(ids);
      inFlight.reclaim({ ...claimOf("1"), readCount: 2 });
      return new Set();
    });
    const step = inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(20_000);
    expect([readCounts, warnings, step.controller.signal.aborted]).toEqual([[1, 2], [], false]);
  });

  it("waits for a claim under way before it takes a step for lost: its worker may just have claimed it again", async () => {
    const { clock, inFlight, warnings, renewer } = createTestRenewer(
      async (ids) => new Set(step.fence.readCount === 2 ? ids : []),
      (queue) => void inFlight.reclaim({ ...claimOf("1", queue), readCount: 2 }),
    );
    const step = inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(20_000);
    expect([warnings, step.controller.signal.aborted, step.reclaimCount]).toEqual([[], false, 1]);
  });

  it("renews before a claim what it could not renew when it was time, and nothing of another queue", async () => {
    let isAway = true;
    const { clock, inFlight, renewals, renewer } = createTestRenewer(async (ids) => {
      if (isAway) throw new Error("connection reset");
      return new Set(ids);
    });
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(10_000);
    await expect(renewer.renewIfLate("payments_queue")).rejects.toThrow("connection reset");
    isAway = false;
    for (const queue of ["orders_queue", "payments_queue", "payments_queue"])
      await renewer.renewIfLate(queue);
    expect(renewals).toEqual(Array(3).fill({ atMs: 10_000, queue: "payments_queue", ids: ["1"] }));
  });

  it("renews before a claim while a round does not come back", async () => {
    let isAway = true;
    const { clock, inFlight, renewals, renewer } = createTestRenewer((ids) =>
      isAway ? new Promise(() => undefined) : Promise.resolve(new Set(ids)),
    );
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(20_001);
    isAway = false;
    for (let claim = 1; claim <= 2; claim += 1) await renewer.renewIfLate("payments_queue");
    expect(renewals.map(({ atMs }) => atMs)).toEqual([10_000, 20_001]);
  });

  it("renews nothing before a claim when all is renewed in time, on a queue that is new to it too", async () => {
    const { clock, inFlight, renewals, renewer } = createTestRenewer();
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(45_000);
    inFlight.add("payments", claimOf("2", "orders_queue"));
    const before = renewals.length;
    for (const queue of ["payments_queue", "orders_queue"]) await renewer.renewIfLate(queue);
    expect(renewals.slice(before)).toEqual([]);
  });

  it("renews before their outcomes are written those that were locked when it was time, and no others", async () => {
    let isLocked = true;
    const { clock, inFlight, renewals, warnings, renewer } = createTestRenewer(
      undefined,
      undefined,
      (id) => isLocked && id === "1",
    );
    const steps = [inFlight.add("payments", claimOf("1")), inFlight.add("payments", claimOf("2"))];
    renewer.start();
    await clock.advance(10_000);
    isLocked = false;
    for (let write = 1; write <= 2; write += 1) await renewer.retryFailedRenewals(steps);
    expect(renewals.map(({ ids }) => ids)).toEqual([["1", "2"], ["1"]]);
    expect([warnings, steps[0]!.controller.signal.aborted]).toEqual([[], false]);
  });

  it("keeps in mind until when messages are hidden: unknown after a renewal without an answer, as before where it was refused or they are locked", async () => {
    const answers = [
      async (ids: readonly string[]) => new Set(ids),
      () => Promise.reject(Object.assign(new Error("too slow"), { code: "57014" })),
      () => Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" })),
    ];
    const { clock, inFlight, renewer } = createTestRenewer(
      (ids) => answers.shift()!(ids),
      undefined,
      (id) => id === "2",
    );
    const steps = ["1", "2"].map((id) => inFlight.add("payments", claimOf(id)));
    const fences = steps.map(({ fence }) => fence);
    const hiddenUntil = () => steps.map(({ fence }) => fence.visibleAtMicros);
    renewer.start();
    await clock.advance(10_000);
    expect(hiddenUntil()).toEqual(["10000", "0"]);
    expect(steps.map(({ fence }, index) => fence === fences[index])).toEqual([false, true]);
    await clock.advance(10_000);
    expect(hiddenUntil()).toEqual(["10000", "0"]);
    await clock.advance(1_000);
    expect([answers, hiddenUntil()]).toEqual([[], [null, null]]);
  });

  it.each([
    ["answer", async (ids: readonly string[]) => new Set(ids)],
    ["failure", () => Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" }))],
  ])("leaves a newer claim as it is at the %s of a renewal", async (_what, answer) => {
    const { clock, inFlight, renewer } = createTestRenewer((ids) => {
      inFlight.reclaim({ ...claimOf("1"), readCount: 2, visibleAtMicros: "7" });
      return answer(ids);
    });
    const step = inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(10_000);
    expect(step.fence).toMatchObject({ readCount: 2, visibleAtMicros: "7" });
  });

  it("lets outcomes be written when renewal fails", async () => {
    const { clock, inFlight, warnings, renewer } = createTestRenewer(async () => {
      throw new Error("connection reset");
    });
    const step = inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(10_000);
    await renewer.retryFailedRenewals([step]);
    expect(warnings).toEqual(["visibility could not be renewed"]);
  });

  it("says nothing of a renewal that stopping cuts off", async () => {
    let cutOff: (error: Error) => void = () => undefined;
    const { clock, inFlight, warnings, renewer } = createTestRenewer(
      () => new Promise((_resolve, reject) => (cutOff = reject)),
    );
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(10_000);
    renewer.stop();
    cutOff(new Error("The worker is stopping."));
    await clock.advance(0);
    expect(warnings).toEqual([]);
  });

  it("leaves no timer behind when it is stopped, in the middle of a renewal too", async () => {
    let answer: () => void = () => undefined;
    const { clock, inFlight, renewer } = createTestRenewer(async (ids) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return new Set(ids);
    });
    inFlight.add("payments", claimOf("1"));
    renewer.start();
    await clock.advance(10_000);
    renewer.stop();
    renewer.stop();
    answer();
    await clock.advance(0);
    expect(clock.pendingTimers()).toBe(0);
  });
});
