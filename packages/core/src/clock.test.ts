import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.js";

describe("systemClock", () => {
  afterEach(() => vi.useRealTimers());

  it("runs once after the delay", () => {
    vi.useFakeTimers();
    const run = vi.fn();
    systemClock.after(1_000, run);
    vi.advanceTimersByTime(999);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("does not run once cancelled, and may be cancelled again", () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const cancel = systemClock.after(1_000, run);
    cancel();
    cancel();
    vi.advanceTimersByTime(5_000);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for delays longer than Node's longest timer", () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const delayMs = 2 ** 31 + 5_000;
    systemClock.after(delayMs, run);
    vi.advanceTimersByTime(delayMs - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("never runs after an infinite delay, and can be cancelled in its second stretch", () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const cancel = systemClock.after(Number.POSITIVE_INFINITY, run);
    vi.advanceTimersByTime(2 ** 32);
    cancel();
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps no process alive", async () => {
    const source = JSON.stringify(fileURLToPath(new URL("./clock.ts", import.meta.url)));
    const program = `import { systemClock } from ${source}; systemClock.after(3_000_000_000, () => undefined); systemClock.after(600_000, () => undefined);`;
    const bundle = await bundleForNode(program, fileURLToPath(new URL("..", import.meta.url)));
    await expect(spawnNode([bundle.file]).exited).resolves.toEqual({ code: 0, signal: null });
    await bundle.remove();
  });

  it("reads the wall clock, and a monotonic clock", () => {
    const [before, now, after] = [Date.now(), systemClock.wallMs(), Date.now()];
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(after);
    const first = systemClock.monotonicMs();
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });
});
