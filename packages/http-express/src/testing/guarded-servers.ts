import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  catalogue,
  createWorkerContext,
  type Operation,
  operationsFor,
} from "@tasker-observability/core";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { GuardedServer, type ServerLimits, serverLimitsSchema } from "../guarded-server.js";
import { createObservabilityListener, type ListenerOptions } from "../node-listener.js";
import { allowedHosts, sendRequest } from "./raw-http.js";

/** How long a condition may take on a busy machine. */
export const waiting = { timeout: 30_000, interval: 10 };
const context = createWorkerContext();
function operation(
  name: "health_basic" | "health_live" | "health_ready",
  run: () => Promise<string>,
): Operation {
  return {
    ...operationsFor(context, z.strictObject({}))("health_basic", { result: z.string(), run }),
    name,
    http: catalogue[name].http,
    mediaTypes: ["text/plain"],
  };
}

/** /health answers when the test says so, /health/live at once, and /health/ready a lot. */
export async function startGuarded(options: ListenerOptions = {}, ready = "") {
  const begun: (() => void)[] = [];
  const listener = createObservabilityListener(
    {
      health_basic: operation("health_basic", async () => {
        const place = begun.length;
        await new Promise<void>((resolve) => begun.push(resolve));
        return `answer ${place}`;
      }),
      health_live: operation("health_live", async () => "alive"),
      health_ready: operation("health_ready", async () => ready),
    },
    { allowedHosts, closeTimeoutMs: 10, ...options },
  );
  onTestFinished(() => listener.close());
  const { port } = await listener.listen({ port: 0 });
  return { port, begun, close: () => listener.close() };
}

/** A guarded server that a handler of the test answers. */
export async function serveGuarded(
  handler: (request: IncomingMessage, answer: (text: string) => void) => void,
  limits: ServerLimits = {},
): Promise<number> {
  const server = new GuardedServer(
    (request, response) => {
      handler(request, (text) => {
        response.end(text);
        server.answered(response);
      });
    },
    serverLimitsSchema.parse({ closeTimeoutMs: 10, ...limits }),
  );
  onTestFinished(() => server.close());
  return (await server.listen("127.0.0.1", 0)).port;
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
/** The status that a probe on a connection of its own gets. */
export const probe = async (port: number): Promise<number> =>
  (await sendRequest(port, "GET /health/live")).status;
export const areClosed = (connections: readonly Socket[]): number =>
  connections.filter(({ destroyed }) => destroyed).length;
