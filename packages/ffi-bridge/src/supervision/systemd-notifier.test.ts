import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createWorkerContext, type Logger } from "@tasker-observability/core";
import { createFakeClock, startNotifySocket, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { socketPath } from "../testing/raw-socket.js";
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

  it("pings the watchdog three times in its time, while the worker is live and until it is closed", async () => {
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

  it("logs what cannot be sent, and continues", async () => {
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

describe("a systemd that cannot be notified", () => {
  it("is logged once, however often it is tried, and once more when it can be again", async () => {
    const folder = dirname(await socketPath());
    const program = join(folder, "notify");
    const logger = vi.fn<Logger>();
    const clock = createFakeClock();
    const systemd = createSystemdNotifier({
      command: program,
      context: createWorkerContext({ logger, clock }),
      env: { NOTIFY_SOCKET: "/run/x", PATH: process.env.PATH },
    })!;
    await systemd.ready();
    for (let ping = 0; ping < 5; ping += 1) await systemd.status("running");
    expect(logger.mock.calls.map(([level, message]) => [level, message])).toEqual([
      ["warn", "systemd could not be notified"],
    ]);
    writeFileSync(program, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    await systemd.status("running");
    await systemd.status("running");
    rmSync(program);
    await systemd.stopping();
    expect(logger.mock.calls.map(([, message]) => message)).toEqual([
      "systemd could not be notified",
      "systemd is notified again",
      "systemd could not be notified",
    ]);
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
