import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createWorkerContext } from "./context.js";
import { ObservabilityError } from "./errors.js";
import type { Call, Operation } from "./operation.js";
import { type CallOptions, runWithin } from "./running-call.js";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

function operation(run: (call: Call) => unknown): Operation {
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

/** The call as a promise, whatever it comes to. */
async function run(asked: Operation, options: CallOptions): Promise<unknown> {
  return runWithin(asked, {}, options);
}

const never = (): Promise<never> => new Promise(() => undefined);

describe("runWithin", () => {
  it("passes the budget and media type to the operation, with defaults", async () => {
    const asked = operation(async ({ budgetMs, mediaType, signal }) => ({
      budgetMs,
      mediaType,
      aborted: signal.aborted,
    }));
    await expect(run(asked, {})).resolves.toEqual({
      budgetMs: Number.POSITIVE_INFINITY,
      mediaType: "application/json",
      aborted: false,
    });
    await expect(run(asked, { budgetMs: 50, mediaType: "text/plain" })).resolves.toEqual({
      budgetMs: 50,
      mediaType: "text/plain",
      aborted: false,
    });
  });

  it("ends in TIMEOUT when the budget is spent, and aborts the signal with the same error", async () => {
    let signal: AbortSignal | undefined;
    const running = run(
      operation((call) => ((signal = call.signal), never())),
      { budgetMs: 100 },
    );
    const ended = running.catch((error: unknown) => error);
    await clock.advance(99);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await ended).toMatchObject({ code: "TIMEOUT", message: "No answer within 100 ms." });
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBe(await ended);
  });

  it("gives an aborted signal when it is first read after the time-out", async () => {
    let call: Call | undefined;
    const ended = run(
      operation((given) => ((call = given), never())),
      { budgetMs: 100 },
    ).catch(() => undefined);
    await clock.advance(100);
    await ended;
    expect(call?.signal.aborted).toBe(true);
  });

  it("ends in TIMEOUT when the caller aborts, and aborts the operation's signal", async () => {
    const caller = new AbortController();
    let signal: AbortSignal | undefined;
    const running = run(
      operation((call) => ((signal = call.signal), never())),
      { signal: caller.signal },
    );
    caller.abort();
    await expect(running).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "The caller gave up.",
    });
    expect(signal?.aborted).toBe(true);
  });

  it("starts nothing when the caller has already aborted", async () => {
    const start = vi.fn(never);
    await expect(run(operation(start), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
    expect(start).not.toHaveBeenCalled();
  });

  it("leaves no timer and no listener, however the call ends", async () => {
    const fail = async (): Promise<never> => {
      throw new Error("no");
    };
    const throwAtOnce = (): never => {
      throw new Error("no");
    };
    for (const how of [async () => 1, fail, throwAtOnce, never]) {
      const caller = new AbortController();
      const added = vi.spyOn(caller.signal, "addEventListener");
      const removed = vi.spyOn(caller.signal, "removeEventListener");
      const ended = run(operation(how), { budgetMs: 100, signal: caller.signal }).catch(
        () => undefined,
      );
      if (how === never) await clock.advance(100);
      await ended;
      expect(clock.pendingTimers()).toBe(0);
      expect(added).toHaveBeenCalledTimes(how === throwAtOnce ? 0 : 1);
      expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    }
  });

  it("sets no timer if the budget is unlimited", async () => {
    const caller = new AbortController();
    const ended = run(operation(never), { signal: caller.signal }).catch(() => undefined);
    expect(clock.pendingTimers()).toBe(0);
    caller.abort();
    await ended;
  });

  it("keeps an answer that came in time, and ignores a failure that comes too late", async () => {
    let failLate: (error: Error) => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => (failLate = reject));
    const ended = run(
      operation(() => late),
      { budgetMs: 10 },
    ).catch((error: unknown) => error);
    await clock.advance(10);
    failLate(new Error("too late"));
    expect(ObservabilityError.isInstance(await ended)).toBe(true);
    await expect(
      run(
        operation(async () => "in time"),
        { budgetMs: 10 },
      ),
    ).resolves.toBe("in time");
  });

  it("returns and throws synchronously what the operation does, without a promise or a timer", () => {
    const throwing = operation(() => {
      throw new Error("no");
    });
    expect(
      runWithin(
        operation(() => "here"),
        {},
        { budgetMs: 10 },
      ),
    ).toBe("here");
    expect(() => runWithin(throwing, {}, { budgetMs: 10 })).toThrow("no");
    expect(clock.pendingTimers()).toBe(0);
  });

  it("ends in TIMEOUT when the caller aborts while the operation starts", async () => {
    const caller = new AbortController();
    const asked = operation(() => (caller.abort(), never()));
    await expect(run(asked, { signal: caller.signal })).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "The caller gave up.",
    });
  });
});
