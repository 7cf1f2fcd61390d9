import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isRunning, useTemporaryFolder, waitFor } from "@tasker-observability/testkit";
import { expect, it, onTestFinished } from "vitest";

const command = fileURLToPath(new URL("../packages/worker/bin/tasker-worker.js", import.meta.url));
const folder = useTemporaryFolder();

it("a worker under npx drains when npm's shell ends, to which alone npm passes SIGTERM", async () => {
  // The shell stays between npm and the worker, as npm's does: it has a second command to run.
  const shell = spawn("/bin/sh", ["-c", '"$NODE" "$WORKER" & echo "worker $!"; wait'], {
    cwd: folder(),
    env: {
      PATH: process.env.PATH,
      NODE: process.execPath,
      WORKER: command,
      npm_command: "exec",
      DATABASE_URL: "postgres://127.0.0.1:1/none",
      TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
    },
  });
  let output = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await waitFor(() => output.includes("/health/ready"), { what: "the worker's address" });
  const worker = Number(/^worker (\d+)$/m.exec(output)?.[1]);
  onTestFinished(() => {
    if (isRunning(worker)) process.kill(worker, "SIGKILL");
  });
  shell.kill("SIGTERM");
  await waitFor(() => output.includes("SIGTERM: draining"), { what: "the drain" });
  await waitFor(() => !isRunning(worker), { what: "the worker's end" });
  expect(output).toMatch(/stopped\n$/);
});
