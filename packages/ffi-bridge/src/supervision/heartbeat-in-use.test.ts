import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { startHeartbeatFile } from "../heartbeat-file.js";
import { socketPath } from "../testing/raw-socket.js";
import { assertHeartbeatUnused } from "./heartbeat-in-use.js";

/** Checks a file that a worker with that process id wrote so many seconds ago. */
async function checkFile({ pid, ageSeconds = 1 }: { pid: unknown; ageSeconds?: number }) {
  const path = await socketPath("heartbeat");
  const write = (): void => {
    writeFileSync(`${path}.new`, JSON.stringify({ status: "alive", worker_id: "other", pid }));
    const then = Date.now() / 1_000 - ageSeconds;
    utimesSync(`${path}.new`, then, then);
    renameSync(`${path}.new`, path);
  };
  write();
  const clock = createFakeClock();
  const stop = new AbortController();
  let outcome: string | null = null;
  const checking = assertHeartbeatUnused(path, { clock, signal: stop.signal }).then(
    () => (outcome = "free"),
    (error: unknown) => (outcome = (error as Error).message),
  );
  /** Lets time pass until the check is over. */
  const ended = async (): Promise<string> => {
    await waitFor(async () => (await clock.advance(100), outcome !== null), { what: "the check" });
    return checking;
  };
  return { path, clock, stop, write, ended, waits: () => clock.pendingTimers() > 0 };
}

async function livingProcess(): Promise<number> {
  const child = spawn("sleep", ["60"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return child.pid!;
}

async function deadProcess(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid!;
}

describe("a heartbeat file", () => {
  it("is rejected if another process still writes it", async () => {
    const { path, write, ended, waits } = await checkFile({ pid: await livingProcess() });
    await waitFor(waits, { what: "the check" });
    write();
    expect(await ended()).toBe(
      `The heartbeat file ${path} is written by a running worker: stop it, or choose another path.`,
    );
  });

  it("is free after a while if its process lives but no longer writes", async () => {
    const { ended, clock } = await checkFile({ pid: await livingProcess() });
    expect(await ended()).toBe("free");
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(7_000);
  });

  it("is free if its writer removes it meanwhile, or the checking worker is stopped", async () => {
    const removed = await checkFile({ pid: await livingProcess() });
    await waitFor(removed.waits, { what: "the check" });
    rmSync(removed.path);
    expect(await removed.ended()).toBe("free");
    const stopped = await checkFile({ pid: await livingProcess() });
    await waitFor(stopped.waits, { what: "the check" });
    stopped.stop.abort();
    expect(await stopped.ended()).toBe("free");
    expect(stopped.clock.monotonicMs()).toBeLessThan(7_000);
  });

  it("is free at once if a killed worker left it, even one with our own process id in an earlier container", async () => {
    for (const left of [
      { pid: await deadProcess() },
      { pid: process.pid },
      { pid: await livingProcess(), ageSeconds: 16 },
      { pid: undefined },
      { pid: "1" },
      { pid: -1 },
    ]) {
      const { ended, clock } = await checkFile(left);
      expect(await ended()).toBe("free");
      expect(clock.pendingTimers()).toBe(0);
    }
  });

  it("is rejected while a worker of the same process writes it", async () => {
    const path = await socketPath("heartbeat");
    const options = { clock: createFakeClock(), signal: new AbortController().signal };
    const heartbeat = startHeartbeatFile({ context: createWorkerContext(), path });
    await expect(assertHeartbeatUnused(path, options)).rejects.toThrow("by a running worker");
    await heartbeat.stop();
    await assertHeartbeatUnused(path, options);
  });
});
