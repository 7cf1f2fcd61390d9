import { describe, expect, it, onTestFinished, vi } from "vitest";
import { onStopSignals } from "./signals.js";

/** Others listen in this process too, and would end it. */
function setOthersAside(signal: NodeJS.Signals): void {
  const others = process.listeners(signal);
  process.removeAllListeners(signal);
  onTestFinished(() => {
    for (const other of others) process.on(signal, other);
  });
}

function listen() {
  setOthersAside("SIGTERM");
  setOthersAside("SIGINT");
  setOthersAside("SIGHUP");
  vi.useFakeTimers({ toFake: ["performance"] });
  const calls: string[] = [];
  const close = onStopSignals(
    (signal) => calls.push(`stop ${signal}`),
    (signal) => calls.push(`exit ${signal}`),
  );
  onTestFinished(() => {
    close();
    vi.useRealTimers();
  });
  return { calls, close, later: (ms: number) => vi.advanceTimersByTime(ms) };
}

describe("the stop signals", () => {
  it("count once if npm and the terminal both forward one", () => {
    const { calls, later } = listen();
    process.emit("SIGINT", "SIGINT");
    process.emit("SIGTERM", "SIGTERM");
    later(500);
    process.emit("SIGINT", "SIGINT");
    expect(calls).toEqual(["stop SIGINT"]);
  });

  it("end the process at a later second one", () => {
    const { calls, later } = listen();
    process.emit("SIGTERM", "SIGTERM");
    later(501);
    process.emit("SIGTERM", "SIGTERM");
    expect(calls).toEqual(["stop SIGTERM", "exit SIGTERM"]);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("include %s", async (signal) => {
    const { calls } = listen();
    process.kill(process.pid, signal);
    await vi.waitFor(() => expect(calls).toEqual([`stop ${signal}`]));
  });

  it("leave no listener behind", () => {
    listen().close();
    expect(["SIGTERM", "SIGINT", "SIGHUP"].map((signal) => process.listenerCount(signal))).toEqual([
      0, 0, 0,
    ]);
  });
});
