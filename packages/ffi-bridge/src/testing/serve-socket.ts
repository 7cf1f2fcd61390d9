import {
  createWorkerContext,
  type Operations,
  type WorkerContext,
} from "@tasker-observability/core";
import { expect, onTestFinished } from "vitest";
import { createObservability } from "../observability.js";
import { createSocketServer, type SocketServer } from "../socket-server.js";
import type { SocketServerOptions } from "../socket-server-options.js";
import { openRaw, socketPath } from "./raw-socket.js";
import { createSampleWorker, type SampleWorker } from "./sample-worker.js";

/** A frame that asks. */
export const rpc = (id: unknown, method: string, params?: unknown): object => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

/** A sample behind a socket, until the test ends. */
export interface SocketFixture {
  readonly worker: SampleWorker;
  readonly path: string;
  readonly server: SocketServer;
}

export async function serveSocket(
  options: Partial<SocketServerOptions> = {},
): Promise<SocketFixture> {
  const worker = createSampleWorker();
  const path = options.path ?? (await socketPath());
  const server = createSocketServer({
    operations: worker.observability.operations,
    makeRequestId: () => "r-1",
    ...options,
    path,
  });
  onTestFinished(() => server.stop());
  await server.start();
  return { worker, path, server };
}

/** Fails unless a new client is answered. */
export async function expectAnswer(path: string): Promise<void> {
  const client = await openRaw(path);
  client.send(rpc(1, "health_basic"));
  expect((await client.answer(1)).result.status).toBe("healthy");
}

/** Operations whose readiness answers when a test says so. */
export interface HangingOperations {
  /** One for each call so far. */
  readonly finish: readonly (() => void)[];
  readonly signals: readonly AbortSignal[];
  readonly context: WorkerContext;
  readonly operations: Operations &
    Readonly<Record<"health_ready", NonNullable<Operations[string]>>>;
}

export function createHangingOperations(): HangingOperations {
  const finish: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const context = createWorkerContext({ workerId: "slow-1" });
  const { operations } = createObservability({ context });
  const run = (
    _params: unknown,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<unknown> => {
    signals.push(signal);
    return new Promise((resolve) => finish.push(() => resolve({ status: "healthy" })));
  };
  return {
    finish,
    signals,
    context,
    operations: { ...operations, health_ready: { ...operations.health_ready!, run } },
  };
}
