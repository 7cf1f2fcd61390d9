import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { abortAfter, sleep, withDeadline } from "./deadline.js";

const never = new Promise<never>(() => undefined);
const timeoutError = { name: "TimeoutError", message: "No answer within 50 ms." };

/** What a promise has settled to, once every promise that can settle by itself has. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise((resolve) => setImmediate(resolve, "pending"));
  return Promise.race([promise.catch((error: unknown) => ({ error })), pending]);
}

describe("withDeadline", () => {
  it("returns what the work returns, and leaves no timer", async () => {
    const clock = createFakeClock();
    expect(await withDeadline(Promise.resolve("done"), { clock, timeoutMs: 50 })).toBe("done");
    expect(clock.pendingTimers()).toBe(0);
  });

  it("throws what the work throws", async () => {
    const error = new Error("broken");
    await expect(withDeadline(() => Promise.reject(error), { timeoutMs: 50 })).rejects.toBe(error);
  });

  it("rejects at the deadline, whatever the work does", async () => {
    const clock = createFakeClock();
    const waiting = withDeadline(never, { clock, timeoutMs: 50 });
    const outcome = expect(waiting).rejects.toMatchObject(timeoutError);
    await clock.advance(49);
    expect(await settled(waiting)).toBe("pending");
    await clock.advance(1);
    await outcome;
  });

  it("aborts the work at the deadline, with the same reason", async () => {
    const clock = createFakeClock();
    let aborted: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<never> => {
      signal.addEventListener("abort", () => (aborted = signal));
      return never;
    };
    const outcome = expect(withDeadline(work, { clock, timeoutMs: 50 })).rejects.toMatchObject(
      timeoutError,
    );
    await clock.advance(50);
    await outcome;
    expect(aborted?.reason).toMatchObject(timeoutError);
  });

  it("throws the reason of the abort, not the error of the aborted work", async () => {
    const clock = createFakeClock();
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("cut off")));
      });
    const outcome = expect(withDeadline(work, { clock, timeoutMs: 50 })).rejects.toMatchObject(
      timeoutError,
    );
    await clock.advance(50);
    await outcome;
  });

  it("ends with the signal's reason when the signal aborts first", async () => {
    const clock = createFakeClock();
    const caller = new AbortController();
    const outcome = expect(
      withDeadline(never, { clock, timeoutMs: 50, signal: caller.signal }),
    ).rejects.toThrow("no longer needed");
    caller.abort(new Error("no longer needed"));
    await outcome;
    expect(clock.pendingTimers()).toBe(0);
  });

  it("starts no work when the signal has already aborted", async () => {
    let begun = 0;
    const work = async (): Promise<void> => void (begun += 1);
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(withDeadline(work, { signal })).rejects.toThrow("too late");
    expect(begun).toBe(0);
  });

  it("returns the caller's fallback result at the deadline", async () => {
    const clock = createFakeClock();
    const waiting = withDeadline(never, { clock, timeoutMs: 50, onGiveUp: () => null });
    await clock.advance(50);
    expect(await waiting).toBeNull();
  });

  it("removes its abort listener when the wait ends", async () => {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const counting = Object.create(signal, {
      aborted: { value: false },
      addEventListener: { value: (_type: string, run: unknown) => listeners.add(run) },
      removeEventListener: { value: (_type: string, run: unknown) => listeners.delete(run) },
    }) as AbortSignal;
    let during = 0;
    await withDeadline(async () => void (during = listeners.size), { signal: counting });
    expect([during, listeners.size]).toEqual([1, 0]);
  });
});

describe("abortAfter", () => {
  it("waits until aborted work has ended, and returns its result", async () => {
    const clock = createFakeClock();
    let end: (value: string) => void = () => undefined;
    let isAborted = false;
    const running = abortAfter(
      (signal) => {
        signal.addEventListener("abort", () => (isAborted = true));
        return new Promise<string>((resolve) => (end = resolve));
      },
      { clock, timeoutMs: 50 },
    );
    await clock.advance(50);
    expect([isAborted, await settled(running)]).toEqual([true, "pending"]);
    end("released");
    expect(await running).toBe("released");
  });

  it("lets the work restart the time-out", async () => {
    const clock = createFakeClock();
    const aborted: unknown[] = [];
    let end = (): void => undefined;
    const running = abortAfter(
      (signal, restart) => {
        signal.addEventListener("abort", () => aborted.push(signal.aborted));
        restart(80);
        return new Promise<void>((resolve) => (end = resolve));
      },
      { clock, timeoutMs: 50 },
    );
    await clock.advance(79);
    expect(aborted).toEqual([]);
    await clock.advance(1);
    expect(aborted).toEqual([true]);
    end();
    await running;
    expect(clock.pendingTimers()).toBe(0);
  });

  it("aborts with its signal's reason, and leaves no timer", async () => {
    const clock = createFakeClock();
    const caller = new AbortController();
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () =>
          reject(new Error("ended", { cause: signal.reason })),
        );
      });
    const running = abortAfter(work, { clock, timeoutMs: 50, signal: caller.signal });
    const outcome = expect(running).rejects.toMatchObject({ cause: { message: "closing" } });
    caller.abort(new Error("closing"));
    await outcome;
    expect(clock.pendingTimers()).toBe(0);
  });

  it("starts no work when the signal has already aborted", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    const work = (): Promise<never> => Promise.reject(new Error("begun"));
    await expect(abortAfter(work, { signal })).rejects.toThrow("too late");
  });
});

describe("sleep", () => {
  it("lasts for the given time", async () => {
    const clock = createFakeClock();
    const sleeping = sleep(50, { clock });
    await clock.advance(49);
    expect(await settled(sleeping)).toBe("pending");
    await clock.advance(1);
    expect(await settled(sleeping)).toBeUndefined();
  });

  it("ends early, without an error, when its signal aborts", async () => {
    const clock = createFakeClock();
    const waker = new AbortController();
    const sleeping = sleep(50, { clock, signal: waker.signal });
    waker.abort();
    expect(await settled(sleeping)).toBeUndefined();
    expect(clock.pendingTimers()).toBe(0);
  });
});
