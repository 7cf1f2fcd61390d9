import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectObservability, ObservabilityError } from "@tasker-observability/ffi-bridge";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  createWorkerHarness,
  eventually,
  loggedBeside,
  type WorkerHarness,
} from "../testing/worker-harness.js";

describe("[worker.bridge]", () => {
  const folder = mkdtempSync(join(tmpdir(), "bridge-"));
  let harness: WorkerHarness;
  beforeAll(async () => (harness = await createWorkerHarness()));
  afterAll(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });

  it("socket_path serves the worker's operations on a socket, gone when it stops", async () => {
    const path = join(folder, "asked.sock");
    const { worker } = await harness.start({ worker: { bridge: { socket_path: path } } });
    const remote = connectObservability(path);
    onTestFinished(() => remote.close());
    expect((await remote.healthBasic()).worker_id).toBe(worker.context.identity.workerId);
    expect(await remote.prometheusMetrics()).toContain("tasker_worker_info");
    await worker.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("without socket_path, heartbeat_file and HTTP a worker has no transport", async () => {
    expect((await harness.start()).worker.hasTransport).toBe(false);
    expect(
      (await harness.start({ worker: { bridge: { heartbeat_file: join(folder, "asked") } } }))
        .worker.hasTransport,
    ).toBe(true);
  });

  it.each([
    [false, "CACHE_OPERATIONS_DISABLED"],
    [true, "cleared"],
  ])("writes_enabled = %s: clearing the cache gives %s", async (writes_enabled, expected) => {
    const path = join(folder, `writes-${String(writes_enabled)}.sock`);
    await harness.start({ worker: { bridge: { socket_path: path, writes_enabled } } });
    const remote = connectObservability(path);
    onTestFinished(() => remote.close());
    const outcome = await remote.cacheClear().then(
      ({ success }) => (success ? "cleared" : "not cleared"),
      (error: unknown) => (ObservabilityError.isInstance(error) ? error.code : "something else"),
    );
    expect(outcome).toBe(expected);
  });

  it("heartbeat_file is written while the worker is alive, and deleted when it stops", async () => {
    const path = join(folder, "heartbeat");
    const { worker, log } = await harness.start({ worker: { bridge: { heartbeat_file: path } } });
    await eventually(
      "a heartbeat that says ready",
      () => (JSON.parse(readFileSync(path, "utf8")) as { ready: boolean }).ready,
    );
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      status: "alive",
      worker_id: worker.context.identity.workerId,
    });
    expect(loggedBeside(log).filter(({ level }) => level === "warn" || level === "error")).toEqual(
      [],
    );
    await worker.stop();
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ["in a folder that does not exist", "nope/hb", "its folder does not exist"],
    ["where a folder is", ".", "a folder is there"],
  ])(
    "refuses to start with a heartbeat_file %s, in one line that names the key",
    async (_what, name, why) => {
      const [heartbeat_file, socket_path] = [join(folder, name), join(folder, "never.sock")];
      const error = await harness
        .start({ worker: { bridge: { heartbeat_file, socket_path } } })
        .catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({
        name: "WorkerStartError",
        message: `worker.bridge.heartbeat_file: The heartbeat file ${heartbeat_file} cannot be written: ${why}.`,
      });
      expect(readdirSync(folder)).not.toContain("never.sock");
    },
  );

  it("refuses to start when another process serves the socket", async () => {
    const path = join(folder, "taken.sock");
    await harness.start({ worker: { bridge: { socket_path: path } } });
    await expect(harness.start({ worker: { bridge: { socket_path: path } } })).rejects.toThrow(
      /taken\.sock/,
    );
  });

  it("refuses to start when another worker writes the heartbeat file", async () => {
    const heartbeat_file = join(folder, "shared-heartbeat");
    await harness.start({ worker: { bridge: { heartbeat_file } } });
    await expect(harness.start({ worker: { bridge: { heartbeat_file } } })).rejects.toThrow(
      `worker.bridge.heartbeat_file: The heartbeat file ${heartbeat_file} is written by a running worker`,
    );
  });
});
