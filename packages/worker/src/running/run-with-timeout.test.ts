import { LazyAbortController } from "../claiming/lazy-abort-controller.js";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { toFailureReason } from "../settling/dead-letter.js";
import { ClaimLostError } from "../claiming/in-flight-steps.js";
import { runWithTimeout } from "./run-with-timeout.js";
import { isPermanent } from "./step-handler.js";

function createRun(timeoutMs = 1_000) {
  const clock = createFakeClock();
  const controller = new LazyAbortController();
  let settled = 0;
  const run = (handler: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> =>
    runWithTimeout({ clock, timeoutMs, controller, onSettled: () => (settled += 1) }, () =>
      handler(controller.signal),
    );
  return { clock, controller, run, settled: () => settled };
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error("It resolved.");
    },
    (error: unknown) => error as Error,
  );
}

/** As a handler in JavaScript may, whatever its type says. */
function returnSeven(): Promise<unknown> {
  return 7 as never;
}

/** As a handler in JavaScript may too. */
function rejectWith(thrown: unknown): Promise<unknown> {
  const failing = async (): Promise<unknown> => {
    throw thrown;
  };
  return failing();
}

describe("runWithTimeout", () => {
  it("resolves to what the handler resolves to, and leaves no timer and no listener behind", async () => {
    const { clock, controller, run, settled } = createRun();
    await expect(run(async () => 42)).resolves.toBe(42);
    expect([settled(), clock.pendingTimers(), controller.signal.aborted]).toEqual([1, 0, false]);
  });

  it("rejects with the handler's own error, thrown before its first await or after", async () => {
    const error = new Error("no funds");
    const throwsAtOnce = (): Promise<unknown> => {
      throw error;
    };
    expect(await errorOf(createRun().run(throwsAtOnce))).toBe(error);
    expect(await errorOf(createRun().run(() => Promise.reject(error)))).toBe(error);
  });

  it("takes a handler that returns no promise for one that has finished", async () => {
    await expect(createRun().run(returnSeven)).resolves.toBe(7);
  });

  it("rejects at the time-out and aborts the signal, but counts the handler as running until it settles", async () => {
    const { clock, controller, run, settled } = createRun();
    let end: () => void = () => undefined;
    const failure = errorOf(run(() => new Promise<void>((resolve) => (end = resolve))));
    await clock.advance(999);
    expect(controller.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await failure).toMatchObject({
      name: "StepTimeoutError",
      code: "step_timeout",
      message: "The handler did not finish within 1000 ms.",
    });
    expect(controller.signal.reason).toBe(await failure);
    expect(settled()).toBe(0);
    end();
    await clock.advance(0);
    expect(settled()).toBe(1);
  });

  it("rejects with the reason of an abort, even if the handler rejects with its own error", async () => {
    const { controller, run } = createRun();
    const failure = errorOf(
      run(
        (signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(new Error("AbortError"))),
          ),
      ),
    );
    const reason = new ClaimLostError("lost");
    controller.abort(reason);
    expect(await failure).toBe(reason);
  });

  it("ignores what a handler does after the time-out", async () => {
    const { clock, run } = createRun();
    const failure = errorOf(
      run(
        (signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => setImmediate(() => reject(new Error("late")))),
          ),
      ),
    );
    await clock.advance(1_000);
    await clock.advance(0);
    expect((await failure).name).toBe("StepTimeoutError");
  });

  it.each([
    ["text", "out of stock", "out of stock"],
    ["undefined", undefined, "The handler threw a value that is not an Error: undefined"],
    ["a number", 42, "The handler threw a value that is not an Error: 42"],
    ["a symbol", Symbol("gone"), "The handler threw a value that is not an Error: Symbol(gone)"],
    ["an empty text", "", "The handler threw a value that is not an Error: "],
    [
      "an object without a text",
      { message: 7, status: 503, api_key: "k-9XvP2mQ8", body: {} },
      'The handler threw a value that is not an Error: {"message":7,"status":503,"api_key":"***REDACTED***"}',
    ],
    ["an object with one", { message: "no funds" }, "no funds"],
  ])("makes an Error of a rejection with %s", async (_what, thrown, message) => {
    const error = await errorOf(createRun().run(() => rejectWith(thrown)));
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe(message);
    expect(isPermanent(error)).toBe(false);
  });

  it("keeps the code, the message and the permanence of a thrown object", async () => {
    const error = await errorOf(
      createRun().run(() =>
        rejectWith({ code: "E_FUNDS", message: "no funds: password=hunter2", retryable: false }),
      ),
    );
    expect(isPermanent(error)).toBe(true);
    expect(toFailureReason(error)).toEqual({
      code: "E_FUNDS",
      message: expect.stringMatching(/^no funds: (?!.*hunter2)/),
    });
  });

  it("comes to no harm by an object that throws when it is looked at", async () => {
    const fail = (): never => {
      throw new Error("do not look");
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const hostile of [
      {
        get code() {
          return fail();
        },
        get message() {
          return fail();
        },
      },
      new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail }),
      revoked.proxy,
    ]) {
      const error = await errorOf(createRun().run(() => rejectWith(hostile)));
      expect(toFailureReason(error)).toEqual({
        code: "step_failed",
        message: expect.stringMatching(
          /^The handler threw a value that is not an Error: (?:\{\}|an object that cannot be read)$/,
        ),
      });
    }
  });

  it("passes an Error of another realm on as it is", async () => {
    const foreign = runInNewContext(
      "Object.assign(new Error('from afar'), { code: 'far' })",
    ) as Error;
    expect(await errorOf(createRun().run(() => Promise.reject(foreign)))).toBe(foreign);
  });
});
