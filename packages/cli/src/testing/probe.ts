import { createSocketServer } from "@tasker-observability/ffi-bridge";
import { createObservabilityListener } from "@tasker-observability/http-express";
import { onTestFinished } from "vitest";
import { socketPath } from "../../../ffi-bridge/src/testing/raw-socket.js";
import {
  createSampleWorker,
  type SampleOptions,
} from "../../../ffi-bridge/src/testing/sample-worker.js";
import type { CommandResult } from "../command-result.js";
import { runCommand } from "../run-command.js";

/** Serves a sample worker over a socket and over HTTP until the test ends. `ways` are the probe's arguments that reach it. */
export async function serve(options?: SampleOptions) {
  const worker = createSampleWorker(options);
  const path = await socketPath();
  const server = createSocketServer({ operations: worker.observability.operations, path });
  const listener = createObservabilityListener(worker.observability.operations);
  onTestFinished(async () => {
    await Promise.all([server.stop(), listener.close()]);
  });
  await server.start();
  const { url } = await listener.listen({ port: 0 });
  return {
    worker,
    ways: [
      ["--socket", path],
      ["--url", url],
    ] as const,
  };
}

/** Runs `probe` with these arguments. */
export const probe = (...args: readonly string[]): Promise<CommandResult> =>
  runCommand(["probe", ...args]);
