import { describe, expect, it, onTestFinished, vi } from "vitest";
import { onStopSignals } from "./signals.js";

function listen() {
  vi.useFakeTimers({ toFake: ["performance"] });
  const calls: string[] = [];
  const signals = onStopSignals(
    (signal) => calls.push(`stop ${signal}`),
    (signal) => calls.push(`exit ${signal}`),
  );
  onTestFinished(() => {
    signals.close();
    vi.useRealTimers();
  });
  return { calls, signals, later: (ms: number) => vi.advanceTimersByTime(ms) };
}

describe("the stop signals", () => {
  it("are one wish where npm and the terminal both pass it on", () => {
    const { calls, signals, later } = listen();
    expect(signals.received()).toBe(false);
    process.emit("SIGINT", "SIGINT");
    process.emit("SIGTERM", "SIGTERM");
    later(500);
    process.emit("SIGINT", "SIGINT");
    expect(calls).toEqual(["stop SIGINT"]);
    expect(signals.received()).toBe(true);
  });

  it("cut the drain short where one comes later than that", () => {
    const { calls, later } = listen();
    process.emit("SIGTERM", "SIGTERM");
    later(501);
    process.emit("SIGTERM", "SIGTERM");
    expect(calls).toEqual(["stop SIGTERM", "exit SIGTERM"]);
  });

  it("leave no listener behind", () => {
    const before = ["SIGTERM", "SIGINT"].map((signal) => process.listenerCount(signal));
    listen().signals.close();
    expect(["SIGTERM", "SIGINT"].map((signal) => process.listenerCount(signal))).toEqual(before);
  });
});
