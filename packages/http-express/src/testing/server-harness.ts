import { createRequire } from "node:module";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { OperationSource } from "@tasker-observability/core";
import express, { type Express } from "express";
import { createObservabilityRouter } from "../express-router.js";
import type { HttpOptions } from "../http-options.js";
import { createObservabilityListener } from "../node-listener.js";
import { type RawResponse, sendRequest } from "./raw-http.js";

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

async function serveListener(
  operations: OperationSource,
  options?: HttpOptions,
): Promise<RunningServer> {
  const listener = createObservabilityListener(operations, options);
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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
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
