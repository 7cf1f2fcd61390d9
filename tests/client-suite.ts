import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Operations } from "@tasker-observability/core";
import {
  createObservability,
  createSocketServer,
  createWorkerContext,
} from "@tasker-observability/ffi-bridge";
import { onTestFinished } from "vitest";
import { createOwnOperations } from "../packages/ffi-bridge/src/testing/own-operations.js";
import { type Mode, startLiveWorker, untilAnswered } from "./live-worker.js";

const clients = fileURLToPath(new URL("../clients", import.meta.url));

export interface ClientSuite {
  readonly command: string;
  readonly args: readonly string[];
  /** Below `clients`. */
  readonly folder: string;
}

/**
 * Runs a client's own tests against a live worker, which the environment names as TASKER_SOCKET. TASKER_READ_ONLY_SOCKET
 * is one without writes, TASKER_HEALTH_ONLY_SOCKET one without any other service, TASKER_OWN_SOCKET one with operations
 * of an application's own.
 */
export async function runClientSuite(
  { command, args, folder }: ClientSuite,
  mode: Mode,
  url: string,
): Promise<{ readonly code: number | string; readonly output: string }> {
  const worker = await startLiveWorker(mode, { url });
  await untilAnswered(worker);
  const { operations } = createObservability({
    context: createWorkerContext(),
    templates: { source: noTemplates },
  });
  const { health_basic } = operations;
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: "1",
    TASKER_SOCKET: worker.socketPath,
    TASKER_READ_ONLY_SOCKET: await serve(operations),
    TASKER_HEALTH_ONLY_SOCKET: await serve({ health_basic: health_basic! }),
    TASKER_OWN_SOCKET: await serve(createOwnOperations()),
  };
  return new Promise((resolve) => {
    execFile(command, [...args], { cwd: join(clients, folder), env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

export function isThere(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const noTemplates = {
  find: async () => null,
  refetch: async () => null,
  list: async () => ({ total: 0, templates: [] }),
  namespaces: async () => [],
};

async function serve(operations: Operations): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "client-"));
  const path = join(folder, "worker.sock");
  const server = createSocketServer({ operations, path });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await server.start();
  return path;
}
