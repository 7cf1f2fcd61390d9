import { spawnSync } from "node:child_process";
import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock, startNotifySocket, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { createSystemdNotifier } from "./systemd-notifier.js";

const python = process.env.PYTHON ?? "python3";
const command = process.env.SYSTEMD_NOTIFY ?? "systemd-notify";
const isThere = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

describe.skipIf(!isThere(command) || !isThere(python))("createSystemdNotifier", () => {
  it("says when the worker is ready, how it is, and that it stops", async () => {
    const { path, heard } = await startNotifySocket(python);
    const systemd = createSystemdNotifier({
      command,
      context: createWorkerContext(),
      env: { ...process.env, NOTIFY_SOCKET: path },
    });
    await systemd!.ready();
    await systemd!.status("draining: 3 steps left\nREADY=1");
    await systemd!.stopping();
    await waitFor(() => heard("STOPPING=1") === 1, { what: "the notifications" });
    expect([
      heard("READY=1 | STATUS=running"),
      heard("STATUS=draining: 3 steps left READY=1"),
    ]).toEqual([1, 1]);
    systemd!.close();
  });

  it("pings the watchdog three times in its time, while liveness holds and until it is closed", async () => {
    const { path, heard } = await startNotifySocket(python);
    const clock = createFakeClock();
    const context = createWorkerContext({ clock });
    const systemd = createSystemdNotifier({
      command,
      context,
      env: {
        ...process.env,
        NOTIFY_SOCKET: path,
        WATCHDOG_USEC: "30000000",
        WATCHDOG_PID: String(process.pid),
      },
    });
    await systemd!.ready();
    await waitFor(() => heard("WATCHDOG=1") === 1, { what: "the first ping" });
    await clock.advance(10_000);
    await waitFor(() => heard("WATCHDOG=1") === 2, { what: "the second ping" });
    context.liveness.report("loop", "event_loop_stalled");
    await clock.advance(10_000);
    await systemd!.status("after the third turn");
    await waitFor(() => heard("after the third turn") === 1, { what: "the status" });
    expect(heard("WATCHDOG=1")).toBe(2);
    systemd!.close();
    systemd!.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it("logs what cannot be sent, and goes on", async () => {
    const logger = vi.fn();
    const systemd = createSystemdNotifier({
      command,
      context: createWorkerContext({ logger }),
      env: { ...process.env, NOTIFY_SOCKET: "/nonexistent/notify" },
    });
    await systemd!.ready();
    expect(logger).toHaveBeenCalledWith("warn", "systemd could not be notified", expect.anything());
  });
});

describe("without systemd", () => {
  it.each([{}, { NOTIFY_SOCKET: "" }])("there is nobody to notify: %j", (env) => {
    expect(createSystemdNotifier({ context: createWorkerContext(), env })).toBeNull();
  });

  it("the watchdog of another process is not pinged", async () => {
    const clock = createFakeClock();
    const systemd = createSystemdNotifier({
      context: createWorkerContext({ clock }),
      env: { NOTIFY_SOCKET: "x", WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" },
      command: "true",
    });
    await systemd!.ready();
    expect(clock.pendingTimers()).toBe(0);
  });
});
