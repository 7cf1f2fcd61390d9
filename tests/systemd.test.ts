import {
  createTestDatabase,
  startNotifySocket,
  type TestDatabase,
  waitFor,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isThere } from "./client-suite.js";
import { deploy, example, readUnit, startUnit } from "./deployment.js";
import { startLiveWorker, untilAnswered } from "./live-worker.js";

const python = process.env.PYTHON ?? "python3";
const command = process.env.SYSTEMD_NOTIFY ?? "systemd-notify";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

describe.skipIf(!isThere(command) || !isThere(python))("a worker that systemd started", () => {
  it("notifies systemd when it is ready and when it stops, as the unit says", async () => {
    const unit = readUnit(example("orders-worker.service"));
    expect(unit).toMatchObject({
      Type: "notify",
      NotifyAccess: "all",
      WatchdogSec: expect.stringMatching(/^\d+$/),
    });
    const [{ folder }, systemd] = await Promise.all([deploy(), startNotifySocket(python)]);
    const worker = startUnit(unit, folder, {
      DATABASE_URL: database.url,
      NOTIFY_SOCKET: systemd.path,
    });
    await systemd.waitFor(/^READY=1 \| STATUS=running$/, 30_000);
    worker.kill("SIGTERM");
    await systemd.waitFor(/^STOPPING=1 \| STATUS=draining$/);
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  it("pings the watchdog while the worker is live, and not while it does not", async () => {
    const systemd = await startNotifySocket(python);
    const { process: worker, ...live } = await startLiveWorker("Headless", {
      url: database.url,
      env: { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: "300000" },
    });
    await untilAnswered({ process: worker, ...live });
    const pings = (): number => systemd.heard("WATCHDOG=1");
    const ticks = (): number => worker.stdout.lines.filter((line) => line === "tick").length;
    await waitFor(() => pings() > 2, { what: "the pings" });
    worker.kill("SIGCONT");
    await worker.waitForLine(/^liveness pool_dead$/);
    const [pinged, ticked] = [pings(), ticks()];
    // A tick takes as long as the time from one ping to the next.
    await waitFor(() => ticks() > ticked + 10, { what: "ten ticks of the worker" });
    expect(pings()).toBeLessThanOrEqual(pinged + 1);
    worker.kill("SIGCONT");
    await waitFor(() => pings() > pinged + 2, { what: "the pings to go on" });
  });
});
