import { createRequire } from "node:module";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { OperationSource } from "@tasker-observability/core";
import express, { type Express } from "express";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { createObservabilityRouter } from "../express-router.js";
import type { HttpOptions } from "../http-options.js";
import { createObservabilityListener } from "../node-listener.js";
import { allowedHosts, type RawResponse, sendRequest } from "./raw-http.js";
import { createSampleWorker } from "./sample-operations.js";

/** One way to serve the operations, running. */
export interface RunningServer {
  /** Sends a request line whose path is relative to where the operations are mounted. */
  readonly request: (
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ) => Promise<RawResponse>;
  readonly port: number;
  readonly mount: string;
  close(): Promise<void>;
}

/** A way to serve the operations. */
export interface ServerHarness {
  readonly name: string;
  /** The router leaves unknown paths to its application, which answers 418 here. */
  readonly statusOfUnknown: 404 | 418;
  readonly serve: (operations: OperationSource, options?: HttpOptions) => Promise<RunningServer>;
}

// The second copy of Express has no types under its alias; the one function used here is the same in both.
const express4 = createRequire(import.meta.url)("express4") as () => Express;

/** The listener, and the router in Express 4 and 5, before and after an application's own routes, at two mount paths. */
export const serverHarnesses: readonly ServerHarness[] = [
  { name: "the listener", statusOfUnknown: 404, serve: serveListener },
  ...[
    { version: "Express 5", create: express },
    { version: "Express 4", create: express4 },
  ].flatMap(({ version, create }) =>
    ["/", "/internal/obs"].map((mount): ServerHarness => ({
      name: `the router at ${mount} in ${version}`,
      statusOfUnknown: 418,
      serve: (operations, options) => serveExpress(create(), mount, operations, options),
    })),
  ),
];

/** Serves a sample worker to the tests of a `describe`, each of which finds it ready and unchanged. */
export function useSampleServer(serve: ServerHarness["serve"]) {
  const { worker, operations } = createSampleWorker();
  let served: RunningServer;
  beforeAll(async () => {
    served = await serve(operations, { writes: true, requestTimeoutMs: 200 });
  });
  afterAll(() => served.close());
  beforeEach(() => {
    worker.ready = true;
    worker.refresh = "ok";
    worker.writes = 0;
    worker.scrapeBudgets.length = 0;
  });
  const request: RunningServer["request"] = (...line) => served.request(...line);
  const get = (path: string, headers?: Record<string, string>) => request("GET", path, headers);
  return { worker, request, get };
}

/** Has a server of Node's answer on a free port, until the test ends. */
export async function serveApp(app: RequestListener): Promise<number> {
  const server = createServer(app);
  onTestFinished(() => void server.close());
  return listenOnFreePort(server);
}

async function listenOnFreePort(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function serveListener(
  operations: OperationSource,
  options?: HttpOptions,
): Promise<RunningServer> {
  const listener = createObservabilityListener(operations, { allowedHosts, ...options });
  const { port } = await listener.listen({ port: 0 });
  return { port, mount: "", request: requesterOf(port, ""), close: () => listener.close() };
}

async function serveExpress(
  app: Express,
  mount: string,
  operations: OperationSource,
  options?: HttpOptions,
): Promise<RunningServer> {
  app.get("/before", (_request, response) => void response.send("the app's own"));
  app.use(mount, createObservabilityRouter(operations, options));
  app.get("/after", (_request, response) => void response.send("the app's own"));
  app.use((_request, response) => void response.status(418).send("nothing here"));
  const server = createServer(app);
  const port = await listenOnFreePort(server);
  const base = mount === "/" ? "" : mount;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { port, mount: base, request: requesterOf(port, base), close };
}

function requesterOf(port: number, base: string): RunningServer["request"] {
  return (method, path, headers, body) =>
    sendRequest(port, `${method} ${base}${path}`, headers, body);
}
