/** Serves the basic health of one worker in the way that its argument names, and says on which port. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import {
  createHealthOperations,
  createHealthService,
  createWorkerContext,
} from "@tasker-observability/health";
import {
  createObservabilityListener,
  createObservabilityRouter,
} from "@tasker-observability/http-express";
import express from "express";
import { serve } from "./serve.mjs";

const workerId = "bench-1";
const context = createWorkerContext({ workerId });
const operations = createHealthOperations(createHealthService({ context }));
const basicHealth = () => ({
  status: "healthy",
  timestamp: new Date().toISOString(),
  worker_id: workerId,
});

function byHand(request, response) {
  if (request.method !== "GET" || request.url !== "/health") {
    response.writeHead(404).end();
    return;
  }
  const body = JSON.stringify(basicHealth());
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": randomUUID(),
  });
  response.end(body);
}

const handlers = {
  listener: () => createObservabilityListener(operations).handler,
  "by-hand": () => byHand,
  router: () => express().use(createObservabilityRouter(operations)),
  "express-json": () =>
    express().get("/health", (_request, response) => response.json(basicHealth())),
};

serve(createServer(handlers[process.argv[2]]()));
