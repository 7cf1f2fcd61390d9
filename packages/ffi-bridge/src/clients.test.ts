import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createAccessPolicy } from "@tasker-observability/core";
import { expect, it, onTestFinished } from "vitest";
import { createSocketServer } from "./socket-server.js";
import type { EventSource } from "./socket/event-source.js";
import { socketPath } from "./testing/raw-socket.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const clients = fileURLToPath(new URL("../../../clients", import.meta.url));

function has(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Each subscriber gets an event at once. */
const events: EventSource = {
  subscribe(pattern, deliver) {
    if (pattern.includes(" ")) throw new Error("no pattern");
    const timer = setImmediate(() => void deliver({ event_name: "payment.processed", payload: null }));
    return () => clearImmediate(timer);
  },
};

async function serve(writes: boolean): Promise<string> {
  const path = await socketPath();
  const server = createSocketServer({ operations: createSampleWorker().observability.operations, path, policy: createAccessPolicy({ socketWrites: writes }), events });
  onTestFinished(() => server.stop());
  await server.start();
  return path;
}

/** Runs a client's own tests against a worker with its writes and one without. */
async function runSuite(command: string, args: readonly string[], folder: string) {
  const [TASKER_SOCKET, TASKER_READ_ONLY_SOCKET] = [await serve(true), await serve(false)];
  return new Promise<{ code: number | string; output: string }>((resolve) => {
    const options = { cwd: `${clients}/${folder}`, env: { ...process.env, TASKER_SOCKET, TASKER_READ_ONLY_SOCKET, PYTHONDONTWRITEBYTECODE: "1" } };
    execFile(command, [...args], options, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }));
  });
}

const python = process.env.PYTHON ?? "python3";
const rspec = process.env.RSPEC ?? "rspec";

it.skipIf(!has(python))("the Python client passes its own tests against a worker", async () => {
  const { code, output } = await runSuite(python, ["-m", "unittest", "discover", "-s", "tests", "-t", "."], "python");
  expect(output).toMatch(/Ran [1-9]\d* tests/);
  expect([code, output]).toEqual([0, expect.stringContaining("OK")]);
});

it.skipIf(!has(rspec))("the Ruby client passes its own specs against a worker", async () => {
  const { code, output } = await runSuite(rspec, ["--no-color", "spec"], "ruby");
  expect(output).toMatch(/[1-9]\d* examples, 0 failures/);
  expect([code, output]).toEqual([0, expect.not.stringContaining("pending")]);
});
