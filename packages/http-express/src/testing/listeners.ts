import { createWorkerContext, operationsFor } from "@tasker-observability/core";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { createObservabilityListener, type ListenerOptions } from "../node-listener.js";
import { allowedHosts } from "./raw-http.js";
import { createSampleWorker } from "./sample-operations.js";

export const keepAliveRequest = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
export const lastRequest = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** A listener with a sample worker's operations, until the test ends. */
export async function startListener(options: ListenerOptions = {}) {
  const listener = createObservabilityListener(createSampleWorker().operations, {
    allowedHosts,
    requestTimeoutMs: 2_000,
    closeTimeoutMs: 50,
    ...options,
  });
  onTestFinished(() => listener.close());
  return { listener, port: (await listener.listen({ port: 0 })).port };
}

/** A listener whose /health answers when the test says so. */
export async function startSlowListener(options: ListenerOptions = {}) {
  const begun: (() => void)[] = [];
  const health_basic = operationsFor(createWorkerContext(), z.strictObject({}))("health_basic", {
    result: z.string(),
    run: () => new Promise<string>((resolve) => begun.push(() => resolve("done"))),
  });
  const listener = createObservabilityListener(
    { health_basic: { ...health_basic, mediaTypes: ["text/plain"] } },
    { allowedHosts, ...options },
  );
  onTestFinished(() => listener.close());
  return { begun, listener, port: (await listener.listen({ port: 0 })).port };
}
