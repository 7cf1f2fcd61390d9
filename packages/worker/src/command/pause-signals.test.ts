import { describe, expect, it, onTestFinished, vi } from "vitest";
import { onPauseSignals } from "./pause-signals.js";

function listen() {
  const calls: string[] = [];
  const signals = onPauseSignals(
    { pause: () => calls.push("pause"), resume: () => calls.push("resume") },
    (line) => calls.push(line),
  );
  onTestFinished(() => signals.close());
  const send = async (signal: NodeJS.Signals, expected: readonly string[]): Promise<void> => {
    process.kill(process.pid, signal);
    await vi.waitFor(() => expect(calls).toEqual(expected));
  };
  return { calls, signals, send };
}

describe("the pause signals", () => {
  it("pause at SIGUSR2 and resume at SIGCONT", async () => {
    const { send } = listen();
    await send("SIGUSR2", ["pause", "SIGUSR2: paused"]);
    await send("SIGCONT", ["pause", "SIGUSR2: paused", "resume", "SIGCONT: resumed"]);
  });

  it("resume only a paused worker", async () => {
    const { calls } = listen();
    const heard = new Promise((resolve) => process.once("SIGCONT", resolve));
    process.kill(process.pid, "SIGCONT");
    await heard;
    expect(calls).toEqual([]);
  });

  it("leave no listener behind", () => {
    const before = process.listenerCount("SIGUSR2");
    const { signals } = listen();
    signals.close();
    expect([process.listenerCount("SIGUSR2"), process.listenerCount("SIGCONT")]).toEqual([
      before,
      0,
    ]);
  });
});
