import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { createWorkerContext, type LifecycleState, type Logger } from "@tasker-observability/core";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startHeartbeatFile } from "./heartbeat-file.js";
import { assertHeartbeatWritable } from "./supervision/heartbeat-path.js";
import { socketPath } from "./testing/raw-socket.js";
import { serveSocket } from "./testing/serve-socket.js";

async function beat({ path, lifecycle }: { path?: string; lifecycle?: LifecycleState } = {}) {
  const clock = createFakeClock();
  const logger = vi.fn<Logger>();
  const context = createWorkerContext({ workerId: "beating-1", clock, logger, lifecycle });
  const file = path ?? (await socketPath("heartbeat"));
  const ready = vi.fn(async () => true);
  const heartbeat = startHeartbeatFile({ context, path: file, ready });
  onTestFinished(() => heartbeat.stop());
  return {
    clock,
    context,
    file,
    ready,
    logger,
    heartbeat,
    read: () => JSON.parse(readFileSync(file, "utf8")) as unknown,
  };
}

/** Each write makes a new file. */
const writing = (file: string) => (existsSync(file) ? statSync(file).ino : 0);
const dueAgain = (clock: { pendingTimers(): number }) =>
  waitFor(() => clock.pendingTimers() === 1, { what: "the next turn" });

describe("startHeartbeatFile", () => {
  it("writes at once, and every five seconds, whole files that leave nothing beside them", async () => {
    const { clock, file, ready, read } = await beat();
    await dueAgain(clock);
    expect(read()).toEqual({
      status: "alive",
      ready: true,
      timestamp: "2025-01-01T00:00:00.000Z",
      worker_id: "beating-1",
      pid: process.pid,
    });
    const first = writing(file);
    ready.mockResolvedValue(false);
    await clock.advance(5_000);
    await dueAgain(clock);
    expect(writing(file)).not.toBe(first);
    expect(read()).toMatchObject({ ready: false, timestamp: "2025-01-01T00:00:05.000Z" });
    expect(readdirSync(dirname(file))).toEqual(["heartbeat"]);
  });

  it("stops writing while liveness fails, and continues when it recovers", async () => {
    const { clock, context, read } = await beat();
    await dueAgain(clock);
    context.liveness.report("pool", "pool_dead");
    await clock.advance(5_000);
    await dueAgain(clock);
    expect(read()).toMatchObject({ timestamp: "2025-01-01T00:00:00.000Z" });
    context.liveness.report("pool", null);
    await clock.advance(5_000);
    await dueAgain(clock);
    expect(read()).toMatchObject({ timestamp: "2025-01-01T00:00:10.000Z" });
  });

  it("writes at once when the worker gets ready or drains, and runs no check while it does not run", async () => {
    const { context, ready, read } = await beat({ lifecycle: "starting" });
    const says = (isReady: boolean) =>
      waitFor(() => (read() as { ready: boolean }).ready === isReady, {
        what: `ready: ${String(isReady)}`,
      });
    await says(false);
    expect(ready).not.toHaveBeenCalled();
    context.lifecycle.become("running");
    await says(true);
    context.lifecycle.become("draining");
    await says(false);
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it("removes the file when it stops, may be stopped twice, and leaves no timer", async () => {
    const { clock, file, heartbeat } = await beat();
    await Promise.all([heartbeat.stop(), heartbeat.stop()]);
    expect(existsSync(file)).toBe(false);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("leaves a socket that is at its path there, also when it stops, and says so", async () => {
    const { path } = await serveSocket();
    const { clock, logger, heartbeat } = await beat({ path });
    await dueAgain(clock);
    await heartbeat.stop();
    expect(statSync(path).isSocket()).toBe(true);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    expect(logger).toHaveBeenCalledWith("warn", "the heartbeat file could not be written", {
      error: expect.objectContaining({ code: "EEXIST" }),
    });
    await expect(assertHeartbeatWritable(path)).rejects.toThrow(
      `The heartbeat file ${path} cannot be written: the path is not a regular file.`,
    );
  });

  it("logs a file that cannot be written once, and tries again", async () => {
    const { clock, logger } = await beat({ path: "/nonexistent-folder/heartbeat" });
    await dueAgain(clock);
    await clock.advance(5_000);
    await dueAgain(clock);
    expect(logger).toHaveBeenCalledTimes(1);
    expect(logger).toHaveBeenCalledWith(
      "warn",
      "the heartbeat file could not be written",
      expect.anything(),
    );
  });

  it("makes a file again that somebody removed, and its folder with the mode it had, and says so once", async () => {
    const folder = join(dirname(await socketPath()), "run");
    mkdirSync(folder, { mode: 0o750 });
    const { clock, file, logger, read } = await beat({ path: join(folder, "heartbeat") });
    const said = () => logger.mock.calls.map(([level, message]) => `${level} ${message}`);
    const turn = async (): Promise<void> => {
      await clock.advance(5_000);
      await dueAgain(clock);
    };
    const gone = "warn the heartbeat file had been deleted, and was written again";
    await dueAgain(clock);
    await turn();
    expect(said()).toEqual([]);
    rmSync(file);
    await turn();
    await turn();
    expect(said()).toEqual([gone]);
    rmSync(folder, { recursive: true });
    await turn();
    await turn();
    expect(statSync(folder).mode & 0o777).toBe(0o750);
    expect(read()).toMatchObject({ worker_id: "beating-1" });
    expect(said()).toEqual([gone, gone]);
  });

  it("says once that another process writes the same file", async () => {
    const { clock, file, logger } = await beat();
    await dueAgain(clock);
    for (let round = 0; round < 3; round += 1) {
      rmSync(file);
      writeFileSync(file, '{"status":"alive","ready":true,"worker_id":"other"}\n');
      await clock.advance(5_000);
      await dueAgain(clock);
    }
    expect(logger.mock.calls).toEqual([
      [
        "error",
        expect.stringMatching(/^another process writes the same heartbeat file/),
        { path: file },
      ],
    ]);
  });
});
