import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSocketServer, startHeartbeatFile } from "@tasker-observability/ffi-bridge";
import { bundleForNode, waitFor } from "@tasker-observability/testkit";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { createSampleWorker } from "../../ffi-bridge/src/testing/sample-worker.js";
import { runCommand } from "./run-command.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(join(root, "docs/library-deployment-patterns.md"), "utf8");

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

/** The sample worker as the page has it, below /run/orders; `place` puts it where it is. */
async function serveOrders() {
  const worker = createSampleWorker();
  const [path, file] = [await socketPath(), await socketPath("heartbeat")];
  const server = createSocketServer({ operations: worker.observability.operations, path });
  await server.start();
  const heartbeat = startHeartbeatFile({ context: worker.context, path: file });
  onTestFinished(async () => {
    await Promise.all([server.stop(), heartbeat.stop()]);
  });
  await waitFor(() => existsSync(file), { what: "the first heartbeat" });
  return {
    worker,
    place: (text: string) =>
      text.replace("/run/orders/worker.sock", path).replace("/run/orders/heartbeat", file),
  };
}

describe("docs/library-deployment-patterns.md", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(blocksOf("sh").flatMap((block) => block.trim().split("\n")))(
    "gives commands that work: %s",
    async (line) => {
      const { place } = await serveOrders();
      vi.stubEnv("TASKER_CONFIG_ROOT", join(root, "config/tasker"));
      vi.stubEnv("DATABASE_URL", "postgres://localhost/orders");
      const [, ...args] = place(line).split(" ");
      expect(await runCommand(args)).toMatchObject({ exitCode: 0, error: "" });
    },
  );

  it.each(blocksOf("bash"))(
    "gives a script that says nothing while the worker is ready, and why when it is not: %s",
    async (script) => {
      const { worker, place } = await serveOrders();
      const program = fileURLToPath(new URL("bin/tasker-observability.ts", import.meta.url));
      const bundle = await bundleForNode(
        `void import(${JSON.stringify(program)});`,
        join(root, "packages/cli"),
        "cjs",
      );
      onTestFinished(() => bundle.remove());
      const runScript = async () =>
        promisify(execFile)(
          "bash",
          ["-c", `tasker-observability() { "$NODE" "$PROGRAM" "$@"; }\n${place(script)}`],
          { env: { ...process.env, NODE: process.execPath, PROGRAM: bundle.file } },
        );
      expect(await runScript()).toEqual({ stdout: "", stderr: "" });
      worker.database = "unhealthy";
      await worker.clock.advance(1_000); // for so long answers are cached
      await expect(runScript()).rejects.toMatchObject({
        code: 1,
        stderr: "orders worker: not ready (database: connection_refused)\n",
      });
    },
  );
});
