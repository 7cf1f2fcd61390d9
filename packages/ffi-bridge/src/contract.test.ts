import { operationNames, type Operations } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { type Call, calls, charge, sampleCall } from "./testing/contract-calls.js";
import { type Ask, askFunctions, type Outcome, transports } from "./testing/contract-transports.js";
import {
  createSampleWorker,
  type SampleOptions,
  type SampleWorker,
} from "./testing/sample-worker.js";

interface Case extends SampleOptions {
  readonly name: string;
  readonly call: Call;
  /** Brings the worker into the state that is asked about. */
  readonly seed?: (worker: SampleWorker) => unknown;
  readonly expected: { readonly body?: object; readonly error?: string };
}

const cache = (worker: SampleWorker) => worker.observability.templateGet(charge);
const breakDatabase = (worker: SampleWorker) => (worker.database = "unhealthy");
const breakSource = (worker: SampleWorker) => (worker.sourceFails = true);
const declareDead = (worker: SampleWorker) => worker.context.liveness.report("pool", "pool_dead");

const described: readonly Case[] = [
  {
    name: "basic health",
    call: calls.basic,
    expected: {
      body: { status: "healthy", timestamp: "2025-01-01T00:00:00.000Z", worker_id: "sample-1" },
    },
  },
  {
    name: "basic health while draining",
    call: calls.basic,
    lifecycle: "draining",
    expected: { body: { status: "healthy" } },
  },
  {
    name: "a living worker",
    call: calls.live,
    expected: { body: { status: "alive", reason: null } },
  },
  {
    name: "a dead worker",
    call: calls.live,
    seed: declareDead,
    expected: { body: { status: "dead", reason: "pool_dead" } },
  },
  { name: "a ready worker", call: calls.ready, expected: { body: { status: "healthy" } } },
  {
    name: "a worker without its database",
    call: calls.ready,
    seed: breakDatabase,
    expected: {
      body: { status: "unhealthy", checks: { database: { message: "connection_refused" } } },
    },
  },
  {
    name: "a worker that starts",
    call: calls.ready,
    lifecycle: "starting",
    expected: { body: { status: "unhealthy" } },
  },
  {
    name: "all checks",
    call: calls.detailed,
    expected: { body: { checks: { circuit_breakers: { status: "healthy" } } } },
  },
  { name: "metrics as text", call: calls.metrics, expected: {} },
  {
    name: "metrics as data",
    call: calls.workerMetrics,
    expected: { body: { worker_id: "sample-1" } },
  },
  {
    name: "event statistics",
    call: calls.events,
    expected: { body: { router: { total_routed: 3 } } },
  },
  {
    name: "event statistics where there are no events",
    call: calls.events,
    domainEvents: false,
    expected: { error: "service_not_installed" },
  },
  {
    name: "all templates",
    call: calls.list,
    expected: { body: { template_count: 2, next_offset: null } },
  },
  {
    name: "a page of templates",
    call: calls.page,
    expected: { body: { templates: [{ name: "refund" }], cache_stats: { total_entries: 0 } } },
  },
  {
    name: "a template, its secrets masked",
    call: calls.get,
    expected: {
      body: {
        cached: false,
        template: {
          template: {
            steps: [
              { handler: { initialization: { gateway: "north", api_key: "***REDACTED***" } } },
            ],
          },
        },
      },
    },
  },
  {
    name: "a cached template",
    call: calls.get,
    seed: cache,
    expected: { body: { cached: true, cache_age_seconds: expect.any(Number) } },
  },
  {
    name: "a template that is missing",
    call: calls.getNone,
    expected: { error: "template_not_found" },
  },
  {
    name: "a namespace that is not served",
    call: calls.getUnserved,
    expected: { error: "namespace_not_supported" },
  },
  {
    name: "a template from a source that fails",
    call: calls.get,
    seed: breakSource,
    expected: { error: "template_source_unavailable" },
  },
  { name: "a template's validation", call: calls.validate, expected: { body: { valid: true } } },
  {
    name: "cache statistics",
    call: calls.stats,
    seed: cache,
    expected: { body: { total_entries: 1 } },
  },
  {
    name: "clearing the cache",
    call: calls.clear,
    seed: cache,
    expected: { body: { operation: "clear", success: true, cache_stats: { evictions: 1 } } },
  },
  {
    name: "maintaining the cache",
    call: calls.maintain,
    expected: { body: { operation: "maintain", success: true } },
  },
  {
    name: "refreshing a template",
    call: calls.refresh,
    seed: cache,
    expected: { body: { operation: "refresh", success: true } },
  },
  {
    name: "refreshing one that is missing",
    call: calls.refreshNone,
    expected: { body: { success: false } },
  },
  {
    name: "refreshing from a source that fails",
    call: calls.refresh,
    seed: breakSource,
    expected: { body: { success: false } },
  },
  {
    name: "the configuration, its secrets masked",
    call: calls.config,
    expected: { body: { environment: "test", metadata: { source: "runtime" } } },
  },
  { name: "the environment", call: calls.environment, expected: {} },
  {
    name: "a worker that has not started",
    call: calls.basic,
    lifecycle: "created",
    expected: { error: "worker_not_running" },
  },
  {
    name: "a worker that has stopped",
    call: calls.config,
    lifecycle: "stopped",
    expected: { error: "worker_not_running" },
  },
];

const asked = new Set<string>(described.map(({ call }) => call.operation));

/** Every operation of the catalogue is asked on every transport, one that nothing is said of above too. */
const cases: readonly Case[] = [
  ...described,
  ...operationNames
    .filter((name) => !asked.has(name))
    .map((name): Case => ({ name, call: sampleCall(name), expected: {} })),
];

/** A worker of its own for each call: the clock stands still, so that equal workers give equal bytes. */
async function askAnew(
  open: (operations: Operations) => Ask | Promise<Ask>,
  { seed, call, ...options }: Case,
): Promise<Outcome> {
  const worker = createSampleWorker(options);
  await seed?.(worker);
  return (await open(worker.observability.operations))(call);
}

describe.each(cases)("$name", (one) => {
  it("is what the contract says, as a function", async () => {
    const outcome = await askAnew(askFunctions, one);
    if (one.expected.error !== undefined) expect(outcome.error).toBe(one.expected.error);
    else if (one.expected.body !== undefined)
      expect(JSON.parse(outcome.body!)).toMatchObject(one.expected.body);
    else expect(outcome.body).toMatch(/\S/);
  });

  it.each(transports.filter(({ isHttp }) => !isHttp || "http" in one.call))(
    "is the same to the byte over $name",
    async ({ open }) => {
      expect(await askAnew(open, one)).toEqual(await askAnew(askFunctions, one));
    },
  );
});

it("has a case for every operation", () => {
  expect(new Set(cases.map(({ call }) => call.operation))).toEqual(new Set(operationNames));
});
