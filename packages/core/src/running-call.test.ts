import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createWorkerContext } from "./context.js";
import { ObservabilityError } from "./errors.js";
import type { Call, Operation } from "./operation.js";
import { runWithin } from "./running-call.js";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

function operation(run: (call: Call) => Promise<unknown>): Operation {
  return {
    name: "asked",
    group: "health",
    access: "read",
    exposure: "detail",
    params: z.strictObject({}),
    result: z.unknown(),
    mediaTypes: ["application/json", "text/plain"],
    context: createWorkerContext({ clock }),
    run: (_params, call) => run(call),
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe("runWithin", () => {
  it("tells the operation its budget and media type, with defaults", async () => {
    const asked = operation(async ({ budgetMs, mediaType, signal }) => ({ budgetMs, mediaType, aborted: signal.aborted }));
    await expect(runWithin(asked, {}, {})).resolves.toEqual({ budgetMs: Number.POSITIVE_INFINITY, mediaType: "application/json", aborted: false });
    await expect(runWithin(asked, {}, { budgetMs: 50, mediaType: "text/plain" })).resolves.toEqual({ budgetMs: 50, mediaType: "text/plain", aborted: false });
  });

  it("ends in TIMEOUT when the budget is spent, and aborts the signal with the same error", async () => {
    let signal: AbortSignal | undefined;
    const running = runWithin(operation((call) => ((signal = call.signal), never())), {}, { budgetMs: 100 });
    const ended = running.catch((error: unknown) => error);
    await clock.advance(99);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await ended).toMatchObject({ code: "TIMEOUT", message: "No answer within 100 ms." });
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBe(await ended);
  });

  it("shows a signal that is first looked at after the time-out as aborted", async () => {
    let call: Call | undefined;
    const ended = runWithin(operation((given) => ((call = given), never())), {}, { budgetMs: 100 }).catch(() => undefined);
    await clock.advance(100);
    await ended;
    expect(call?.signal.aborted).toBe(true);
  });

  it("ends in TIMEOUT when the caller gives up, and aborts the operation's signal", async () => {
    const caller = new AbortController();
    let signal: AbortSignal | undefined;
    const running = runWithin(operation((call) => ((signal = call.signal), never())), {}, { signal: caller.signal });
    caller.abort();
    await expect(running).rejects.toMatchObject({ code: "TIMEOUT", message: "The caller gave up." });
    expect(signal?.aborted).toBe(true);
  });

  it("starts nothing for a caller who has given up already", async () => {
    const run = vi.fn(never);
    await expect(runWithin(operation(run), {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(run).not.toHaveBeenCalled();
  });

  it("leaves neither a timer nor a listener behind, however the call ends", async () => {
    const fail = async (): Promise<never> => {
      throw new Error("no");
    };
    const throwAtOnce = (): never => {
      throw new Error("no");
    };
    for (const run of [async () => 1, fail, throwAtOnce, never]) {
      const caller = new AbortController();
      const removed = vi.spyOn(caller.signal, "removeEventListener");
      const ended = runWithin(operation(run), {}, { budgetMs: 100, signal: caller.signal }).catch(() => undefined);
      if (run === never) await clock.advance(100);
      await ended;
      expect(clock.pendingTimers()).toBe(0);
      expect(removed).toHaveBeenCalledTimes(1);
    }
  });

  it("sets no timer where the budget has no end", async () => {
    const caller = new AbortController();
    const ended = runWithin(operation(never), {}, { signal: caller.signal }).catch(() => undefined);
    expect(clock.pendingTimers()).toBe(0);
    caller.abort();
    await ended;
  });

  it("keeps an answer that came in time, and swallows a failure that comes too late", async () => {
    let failLate: (error: Error) => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => (failLate = reject));
    const ended = runWithin(operation(() => late), {}, { budgetMs: 10 }).catch((error: unknown) => error);
    await clock.advance(10);
    failLate(new Error("too late"));
    expect(ObservabilityError.isInstance(await ended)).toBe(true);
    await expect(runWithin(operation(async () => "in time"), {}, { budgetMs: 10 })).resolves.toBe("in time");
  });
});
