import {
  type NodeBundle,
  type SpawnedProcess,
  startTcpProxy,
  type TcpProxy,
} from "@tasker-observability/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import { bundleWorkerProgram, spawnProgram } from "../testing/worker-program.js";

let harness: WorkerHarness;
let bundle: NodeBundle;
let proxy: TcpProxy;
beforeAll(async () => {
  [harness, bundle] = await Promise.all([
    createWorkerHarness(),
    bundleWorkerProgram("library-program.ts", "runLibraryProgram"),
  ]);
  proxy = await startTcpProxy(harness.database.url);
});
afterAll(async () => {
  await Promise.all([proxy.close(), bundle.remove()]);
  await harness.close();
});
beforeEach(() => proxy.restore());

const startProgram = (): SpawnedProcess =>
  spawnProgram(bundle, proxy.url(harness.database.url), harness.templates);

/** Each line comes after a wait for which nothing but the worker keeps the process. */
const untilLogged = (program: SpawnedProcess, line: string): Promise<true> =>
  eventually(line, () => program.stdout.text().split(line).length > 3, 30_000);

async function endOf(program: SpawnedProcess): Promise<string> {
  program.kill("SIGTERM");
  expect(await program.exited).toEqual({ code: 0, signal: null });
  return program.stdout.text();
}

describe("a process whose only work is a worker without a listener", () => {
  it("stays alive while start() waits for a database, and continues when it answers", async () => {
    await proxy.cut();
    const program = startProgram();
    await untilLogged(program, "the database cannot be reached");
    await proxy.restore();
    await program.waitForLine(/^running$/, 30_000);
    expect(await endOf(program)).toMatch(/stop\(\) has resolved\nstopped\n$|stopped\nstop\(\)/);
  });

  it("stays alive when the database goes down, and works when it is back", async () => {
    const program = startProgram();
    await program.waitForLine(/^running$/, 30_000);
    await proxy.cut();
    await untilLogged(program, "the listener lost its connection");
    await proxy.restore();
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [
      JSON.stringify(messageOf("plain")),
    ]);
    await program.waitForLine(/^at work$/, 30_000);
    expect(await endOf(program)).toMatch(/^stopped$/m);
  });

  it("stays alive until stop() ends while a step runs without a database, and then exits by itself", async () => {
    const program = startProgram();
    await program.waitForLine(/^running$/, 30_000);
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [
      JSON.stringify(messageOf("plain")),
    ]);
    await program.waitForLine(/^at work$/, 30_000);
    await proxy.cut();
    expect(await endOf(program)).toMatch(/^stop\(\) has resolved$/m);
  });

  it("stays alive until stop() ends while start() waits, and then exits by itself", async () => {
    await proxy.cut();
    const program = startProgram();
    await program.waitForLine(/cannot be reached/, 30_000);
    program.kill("SIGTERM");
    await program.exited;
    expect(program.stdout.text()).toMatch(/^stop\(\) has resolved$/m);
  });
});
