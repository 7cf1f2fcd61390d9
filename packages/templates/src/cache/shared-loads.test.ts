import { ObservabilityError } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { SharedLoads } from "./shared-loads.js";

function loadsWith(): {
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly logger: ReturnType<typeof vi.fn>;
  readonly loads: SharedLoads<string>;
} {
  const clock = createFakeClock();
  const logger = vi.fn();
  return { clock, logger, loads: new SharedLoads<string>({ clock, logger, timeoutMs: 1_000 }) };
}

describe("shared loads", () => {
  it("do the work once for concurrent callers", async () => {
    const { loads } = loadsWith();
    const work = vi.fn(async () => "A");
    expect(await Promise.all(Array.from({ length: 100 }, () => loads.run("a", work)))).toEqual(
      Array.from({ length: 100 }, () => "A"),
    );
    expect(work).toHaveBeenCalledTimes(1);
    await loads.run("a", work);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it("do different work for different keys", async () => {
    const { loads } = loadsWith();
    expect(
      await Promise.all([loads.run("a", async () => "A"), loads.run("b", async () => "B")]),
    ).toEqual(["A", "B"]);
  });

  it("pass on what was meant for the caller, and log what was not", async () => {
    const { loads, logger } = loadsWith();
    const missing = new ObservabilityError("TEMPLATE_NOT_FOUND", "none");
    await expect(loads.run("a", () => Promise.reject(missing))).rejects.toBe(missing);
    expect(logger).not.toHaveBeenCalled();
    const driverError = Object.assign(new Error("connect ECONNREFUSED 10.0.0.5:5432 user=admin"), {
      code: "ECONNREFUSED",
    });
    const failing = Promise.all(
      [1, 2].map(() => loads.run("a", () => Promise.reject(driverError))),
    );
    await expect(failing).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
      cause: { code: "ECONNREFUSED" },
      message: expect.not.stringContaining("10.0.0.5"),
    });
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "error",
      "the template source could not be read",
      { error: driverError },
    );
  });

  it("end the waiting at the time-out, and signal the work", async () => {
    const { loads, clock, logger } = loadsWith();
    const signals: AbortSignal[] = [];
    const hang = (signal: AbortSignal): Promise<string> => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const waiting = expect(loads.run("a", hang)).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
      message: expect.stringContaining("1000 ms"),
    });
    await clock.advance(1_000);
    await waiting;
    expect(signals[0]?.aborted).toBe(true);
    expect(logger).toHaveBeenCalledExactlyOnceWith("warn", "the template source does not answer", {
      timeout_ms: 1_000,
    });
    await expect(loads.run("a", hang)).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
    });
    expect(signals).toHaveLength(1);
  });

  it("do not pile up without bound on a source that hangs", async () => {
    const { loads, clock } = loadsWith();
    const outcomes = Promise.allSettled(
      Array.from({ length: 1_001 }, (_, index) =>
        loads.run(String(index), () => new Promise(() => undefined)),
      ),
    );
    await clock.advance(1_000);
    expect((await outcomes).at(-1)).toMatchObject({
      reason: { message: expect.stringContaining("too many") },
    });
  });

  it("start again for callers after they were forgotten", async () => {
    const { loads } = loadsWith();
    let finish: (value: string) => void = () => undefined;
    const first = loads.run("a", () => new Promise((resolve) => (finish = resolve)));
    loads.forget();
    expect(await loads.run("a", async () => "new")).toBe("new");
    finish("old");
    expect(await first).toBe("old");
  });
});
