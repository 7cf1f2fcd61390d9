import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveConfig } from "@tasker-observability/config";
import { inProcess, invoke, type Logger } from "@tasker-observability/core";
import { waitFor, useTemporaryFolder } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import { templateText } from "../testing/worker-harness.js";

const temporary = useTemporaryFolder();

async function start() {
  await writeFile(join(temporary(), "refund.yaml"), templateText);
  const logger = vi.fn<Logger>();
  const run = vi.fn(async () => null);
  const worker = await createWorker({
    ...toWorkerOptions(
      resolveConfig(
        {
          common: { task_templates: { search_paths: [join(temporary(), "refund.yaml")] } },
          worker: { web: { enabled: false }, health: { cache_ttl_ms: 0 } },
        },
        { env: {} },
      ),
    ),
    handlers: { Test: run },
    logger,
  });
  onTestFinished(() => worker.stop());
  await worker.start();
  const folder = async (): Promise<string> => {
    const name = (await readdir(temporary())).find((entry) => entry.startsWith("tasker-postgres-"));
    return join(temporary(), name!);
  };
  const kill = async (): Promise<void> => {
    const [pid] = (await readFile(join(await folder(), "data/postmaster.pid"), "utf8")).split("\n");
    process.kill(Number(pid), "SIGKILL");
  };
  const ask = (name: "health_ready" | "health_live") =>
    invoke(worker.operations[name]!, {}, inProcess);
  const runsSteps = async (): Promise<void> => {
    const before = run.mock.calls.length;
    await worker.enqueue({
      template: { namespace: "payments", name: "refund", version: "1.0.0" },
      stepName: "plain",
    });
    await waitFor(() => run.mock.calls.length > before, { what: "the step", timeoutMs: 20_000 });
  };
  const untilReady = () =>
    waitFor(async () => ((await ask("health_ready")) as { status: string }).status === "healthy", {
      what: "readiness",
      timeoutMs: 20_000,
    });
  const logged = (message: string) =>
    logger.mock.calls.filter(([, text]) => text.includes(message)).map(([level]) => level);
  return { worker, folder, kill, ask, runsSteps, untilReady, logged };
}

describe("a worker whose embedded server dies", () => {
  it("says so in log and health, restarts it, and continues with its data", async () => {
    const { kill, ask, runsSteps, untilReady, logged } = await start();
    await runsSteps();
    await kill();
    await waitFor(
      async () =>
        JSON.stringify(await ask("health_ready")).includes('"embedded_server_restarting"'),
      { what: "a word in health" },
    );
    expect(await ask("health_live")).toMatchObject({ status: "alive" });
    await untilReady();
    await runsSteps();
    expect(logged("the embedded PostgreSQL exited")).toEqual(["error"]);
    expect(logged("the embedded PostgreSQL is running again")).toEqual(["warn"]);
  });

  it("creates its queues again when the data are gone", async () => {
    const { kill, folder, runsSteps, untilReady, logged } = await start();
    const lost = await folder();
    await kill();
    await rm(lost, { recursive: true });
    await waitFor(() => logged("the embedded PostgreSQL is running again").length === 1, {
      what: "the restart",
      timeoutMs: 20_000,
    });
    await untilReady();
    await runsSteps();
  });
});
