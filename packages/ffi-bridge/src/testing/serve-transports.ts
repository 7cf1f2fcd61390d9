import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessPolicy, type Operations } from "@tasker-observability/core";
import {
  createObservabilityListener,
  createObservabilityRouter,
} from "@tasker-observability/http-express";
import express from "express";
import { onTestFinished } from "vitest";
import { createSocketServer } from "../socket-server.js";
import { socketPath } from "./raw-socket.js";

const writes = createAccessPolicy({ httpWrites: true, socketWrites: true });

/** Serves operations on a socket, by default writes too, until the test ends. @returns its path. */
export async function serveOnSocket(operations: Operations, policy = writes): Promise<string> {
  const path = await socketPath();
  const server = createSocketServer({ operations, policy, path });
  onTestFinished(() => server.stop());
  await server.start();
  return path;
}

/** The same on a listener. @returns its URL, without a trailing slash. */
export async function serveOnListener(operations: Operations, policy = writes): Promise<string> {
  const listener = createObservabilityListener(operations, { policy });
  onTestFinished(() => listener.close());
  return (await listener.listen({ port: 0 })).url;
}

/** The same by a router that is mounted in an Express application. @returns where it is mounted. */
export async function serveOnRouter(operations: Operations, policy = writes): Promise<string> {
  const server = createServer(
    express().use("/internal", createObservabilityRouter(operations, { policy })),
  );
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/internal`;
}
