import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessPolicy, ObservabilityError, type Operations } from "@tasker-observability/core";
import { createObservabilityListener, createObservabilityRouter } from "@tasker-observability/http-express";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBridgeFunctions } from "./functions.js";
import { createFacade } from "./facade.js";
import type { ObservabilityMethods } from "./observability.js";
import { createSocketServer } from "./socket-server.js";
import { openRaw, socketPath } from "./testing/raw-socket.js";
import { createSampleWorker, type SampleOptions, type SampleWorker } from "./testing/sample-worker.js";

/** What came out of a call, as bytes; an error as every transport tells it. */
interface Outcome {
  readonly body?: string;
  readonly error?: string;
  readonly message?: string;
}

/** One call, as each transport writes it. */
interface Call {
  readonly operation: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly facade: (facade: ObservabilityMethods) => Promise<unknown>;
  /** Absent where HTTP has no such endpoint. */
  readonly http?: readonly ["GET" | "POST" | "DELETE", string];
}

interface Case extends SampleOptions {
  readonly name: string;
  readonly call: Call;
  /** Brings the worker into the state that is asked about. */
  readonly seed?: (worker: SampleWorker) => unknown;
  readonly expected: { readonly body?: object; readonly error?: string };
}

type Ask = (operations: Operations, call: Call) => Promise<Outcome>;

const policy = createAccessPolicy({ httpWrites: true, socketWrites: true });

function toOutcome(error: unknown): Outcome {
  if (!ObservabilityError.isInstance(error)) throw error;
  return { error: error.code.toLowerCase(), message: error.message };
}

const askFunctions: Ask = async (operations, { operation, params }) => {
  const functions = createBridgeFunctions(operations) as Readonly<Record<string, (params?: unknown) => Promise<string>>>;
  return functions[operation]!(params).then((body) => ({ body }), toOutcome);
};

const askFacade: Ask = (operations, { facade }) =>
  facade(createFacade({ operations })).then((result) => ({ body: typeof result === "string" ? result : JSON.stringify(result) }), toOutcome);

const askSocket: Ask = async (operations, { operation, params }) => {
  const path = await socketPath();
  const server = createSocketServer({ operations, policy, path, makeRequestId: () => "request-1" });
  onTestFinished(() => server.stop());
  await server.start();
  const client = await openRaw(path);
  client.send({ jsonrpc: "2.0", id: 1, method: operation, params });
  const { result, error } = await client.answer(1);
  if ("error" in client.frames[0]!) return { error: error.data.error, message: error.message };
  const line = client.lines[0]!;
  const raw = line.slice('{"jsonrpc":"2.0","id":1,"result":'.length, -1);
  return { body: typeof result === "string" ? result : raw };
};

async function fetchOutcome(url: string, { http }: Call): Promise<Outcome> {
  const [method, path] = http!;
  const response = await fetch(`${url}${path}`, { method, headers: { "x-request-id": "request-1" } });
  const body = await response.text();
  const parsed = body.startsWith('{"error"') ? (JSON.parse(body) as { error: string; message: string; timestamp: string; request_id: string }) : null;
  if (parsed === null) return { body };
  expect(parsed).toEqual({ error: parsed.error, message: parsed.message, timestamp: "2025-01-01T00:00:00.000Z", request_id: "request-1" });
  return { error: parsed.error, message: parsed.message };
}

const askListener: Ask = async (operations, call) => {
  const listener = createObservabilityListener(operations, { policy });
  onTestFinished(() => listener.close());
  const { url } = await listener.listen({ port: 0 });
  return fetchOutcome(url, call);
};

const askRouter: Ask = async (operations, call) => {
  const server = createServer(express().use("/internal", createObservabilityRouter(operations, { policy })));
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return fetchOutcome(`http://127.0.0.1:${(server.address() as AddressInfo).port}/internal`, call);
};

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };
const none = { ...charge, name: "none" };
const stranger = { ...charge, namespace: "strangers" };
const at = ({ namespace, name, version }: typeof charge, action = "") => `/templates/${namespace}/${name}/${version}${action}`;

const calls = {
  basic: { operation: "health_basic", facade: (f) => f.healthBasic(), http: ["GET", "/health"] },
  live: { operation: "health_live", facade: (f) => f.healthLive(), http: ["GET", "/health/live"] },
  ready: { operation: "health_ready", facade: (f) => f.healthReady(), http: ["GET", "/health/ready"] },
  detailed: { operation: "health_detailed", facade: (f) => f.healthDetailed(), http: ["GET", "/health/detailed"] },
  metrics: { operation: "metrics_prometheus", facade: (f) => f.prometheusMetrics(), http: ["GET", "/metrics"] },
  workerMetrics: { operation: "metrics_worker", facade: (f) => f.metricsWorker(), http: ["GET", "/metrics/worker"] },
  events: { operation: "metrics_events", facade: (f) => f.eventStats(), http: ["GET", "/metrics/events"] },
  list: { operation: "templates_list", params: { limit: 1_000 }, facade: (f) => f.templatesList({ limit: 1_000 }), http: ["GET", "/templates"] },
  page: {
    operation: "templates_list",
    params: { include_cache_stats: true, namespace: "payments", limit: 1, offset: 1 },
    facade: (f) => f.templatesList({ includeCacheStats: true, namespace: "payments", limit: 1, offset: 1 }),
    http: ["GET", "/templates?include_cache_stats=true&namespace=payments&limit=1&offset=1"],
  },
  get: { operation: "template_get", params: charge, facade: (f) => f.templateGet(charge), http: ["GET", at(charge)] },
  getNone: { operation: "template_get", params: none, facade: (f) => f.templateGet(none), http: ["GET", at(none)] },
  getStranger: { operation: "template_get", params: stranger, facade: (f) => f.templateGet(stranger), http: ["GET", at(stranger)] },
  validate: { operation: "template_validate", params: charge, facade: (f) => f.templateValidate(charge), http: ["POST", at(charge, "/validate")] },
  stats: { operation: "templates_cache_stats", facade: (f) => f.cacheStats(), http: ["GET", "/templates/cache/stats"] },
  clear: { operation: "templates_cache_clear", facade: (f) => f.cacheClear(), http: ["DELETE", "/templates/cache"] },
  maintain: { operation: "templates_cache_maintain", facade: (f) => f.cacheMaintain(), http: ["POST", "/templates/cache/maintain"] },
  refresh: { operation: "template_refresh", params: charge, facade: (f) => f.templateRefresh(charge), http: ["POST", at(charge, "/refresh")] },
  refreshNone: { operation: "template_refresh", params: none, facade: (f) => f.templateRefresh(none), http: ["POST", at(none, "/refresh")] },
  config: { operation: "config_runtime", facade: (f) => f.config(), http: ["GET", "/config"] },
  environment: { operation: "config_environment", facade: (f) => f.environment() },
} as const satisfies Record<string, Call>;

const cache = (worker: SampleWorker) => worker.observability.templateGet(charge);
const breakDatabase = (worker: SampleWorker) => (worker.database = "unhealthy");
const breakSource = (worker: SampleWorker) => (worker.sourceFails = true);
const declareDead = (worker: SampleWorker) => worker.context.liveness.report("pool", "pool_dead");

const cases: readonly Case[] = [
  { name: "basic health", call: calls.basic, expected: { body: { status: "healthy", timestamp: "2025-01-01T00:00:00.000Z", worker_id: "sample-1" } } },
  { name: "basic health while draining", call: calls.basic, lifecycle: "draining", expected: { body: { status: "healthy" } } },
  { name: "a living worker", call: calls.live, expected: { body: { status: "alive", reason: null } } },
  { name: "a dead worker", call: calls.live, seed: declareDead, expected: { body: { status: "dead", reason: "pool_dead" } } },
  { name: "a ready worker", call: calls.ready, expected: { body: { status: "healthy" } } },
  { name: "a worker without its database", call: calls.ready, seed: breakDatabase, expected: { body: { status: "unhealthy", checks: { database: { message: "connection_refused" } } } } },
  { name: "a worker that starts", call: calls.ready, lifecycle: "starting", expected: { body: { status: "unhealthy" } } },
  { name: "all checks", call: calls.detailed, expected: { body: { checks: { circuit_breakers: { status: "healthy" } } } } },
  { name: "metrics as text", call: calls.metrics, expected: {} },
  { name: "metrics as data", call: calls.workerMetrics, expected: { body: { worker_id: "sample-1" } } },
  { name: "event statistics", call: calls.events, expected: { body: { router: { total_routed: 3 } } } },
  { name: "event statistics where there are no events", call: calls.events, domainEvents: false, expected: { error: "service_not_installed" } },
  { name: "all templates", call: calls.list, expected: { body: { template_count: 2, next_offset: null } } },
  { name: "a page of templates", call: calls.page, expected: { body: { templates: [{ name: "refund" }], cache_stats: { total_entries: 0 } } } },
  { name: "a template, its secrets masked", call: calls.get, expected: { body: { cached: false, template: { steps: [{ handler: { initialization: { gateway: "north", api_key: "***REDACTED***" } } }] } } } },
  { name: "a cached template", call: calls.get, seed: cache, expected: { body: { cached: true, cache_age_seconds: 0 } } },
  { name: "a template that is missing", call: calls.getNone, expected: { error: "template_not_found" } },
  { name: "a namespace that is not served", call: calls.getStranger, expected: { error: "namespace_not_supported" } },
  { name: "a template from a source that fails", call: calls.get, seed: breakSource, expected: { error: "template_source_unavailable" } },
  { name: "a template's validation", call: calls.validate, expected: { body: { valid: true } } },
  { name: "cache statistics", call: calls.stats, seed: cache, expected: { body: { total_entries: 1 } } },
  { name: "clearing the cache", call: calls.clear, seed: cache, expected: { body: { operation: "clear", success: true, cache_stats: { evictions: 1 } } } },
  { name: "maintaining the cache", call: calls.maintain, expected: { body: { operation: "maintain", success: true } } },
  { name: "refreshing a template", call: calls.refresh, seed: cache, expected: { body: { operation: "refresh", success: true } } },
  { name: "refreshing one that is missing", call: calls.refreshNone, expected: { body: { success: false } } },
  { name: "refreshing from a source that fails", call: calls.refresh, seed: breakSource, expected: { body: { success: false } } },
  { name: "the configuration, its secrets masked", call: calls.config, expected: { body: { environment: "test", metadata: { source: "runtime" } } } },
  { name: "the environment", call: calls.environment, expected: {} },
  { name: "a worker that has not started", call: calls.basic, lifecycle: "created", expected: { error: "worker_not_running" } },
  { name: "a worker that has stopped", call: calls.config, lifecycle: "stopped", expected: { error: "worker_not_running" } },
];

const transports: readonly { readonly name: string; readonly ask: Ask; readonly isHttp: boolean }[] = [
  { name: "the facade", ask: askFacade, isHttp: false },
  { name: "the socket", ask: askSocket, isHttp: false },
  { name: "the listener", ask: askListener, isHttp: true },
  { name: "the router", ask: askRouter, isHttp: true },
];

/** A worker of its own for each call: the clock stands still, so that equal workers give equal bytes. */
async function askAnew(ask: Ask, { seed, call, ...options }: Case): Promise<Outcome> {
  const worker = createSampleWorker(options);
  await seed?.(worker);
  return ask(worker.observability.operations, call);
}

describe.each(cases)("$name", (one) => {
  it("is what the contract says, as a function", async () => {
    const outcome = await askAnew(askFunctions, one);
    if (one.expected.error !== undefined) expect(outcome.error).toBe(one.expected.error);
    else if (one.expected.body !== undefined) expect(JSON.parse(outcome.body!)).toMatchObject(one.expected.body);
    else expect(outcome.body).toMatch(/\S/);
  });

  it.each(transports.filter(({ isHttp }) => !isHttp || "http" in one.call))("is the same to the byte over $name", async ({ ask }) => {
    expect(await askAnew(ask, one)).toEqual(await askAnew(askFunctions, one));
  });
});

it("has a case for every operation", () => {
  expect(new Set(cases.map(({ call }) => call.operation)).size).toBe(16);
});
