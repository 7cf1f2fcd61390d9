import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveConfig } from "@tasker-observability/config";
import { createFacade } from "@tasker-observability/ffi-bridge";
import { createTestDatabase, type TestDatabase, waitFor } from "@tasker-observability/testkit";
import { createWorker, toWorkerOptions, type Worker } from "@tasker-observability/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Call, calls } from "../packages/ffi-bridge/src/testing/contract-calls.js";
import {
  type Ask,
  askFacade,
  askFunctions,
  askHttp,
  askRemoteFacade,
  askSocket,
  openRouter,
  type Outcome,
} from "../packages/ffi-bridge/src/testing/contract-transports.js";

/** What may differ between two answers of a live worker: it tells of the moment of the call, or counts calls. */
const movingFields = [
  ...[
    "timestamp",
    "captured_at",
    "last_checked",
    "registered_at",
    "resolved_at",
    "duration_ms",
    "uptime_seconds",
    "database_pool_size",
    "pool_utilization",
  ],
  ...[
    "cached",
    "cache_age_seconds",
    "access_count",
    ...["hits", "misses", "evictions"].flatMap((count) => [count, `cache_${count}`]),
    "oldest_entry_age_seconds",
    "average_access_count",
    "last_maintenance",
  ],
];
/** The same for the samples of metrics: the families whose numbers move by themselves. A new one of these goes here. */
const movingFamilies =
  /^tasker_worker_(uptime_seconds|collector_duration_seconds|template_cache_(hits|misses|evictions)_total|db_pool_(size|idle|waiting))$/;

let database: TestDatabase;
let folder: string;
let worker: Worker;
let socketPath: string;
beforeAll(async () => {
  [database, folder] = await Promise.all([
    createTestDatabase({ pgmq: true }),
    mkdtemp(join(tmpdir(), "contract-")),
  ]);
  socketPath = join(folder, "worker.sock");
  worker = await createWorker({
    ...toWorkerOptions(configuration()),
    handlers: { "Payments::ChargeCard": async () => null },
  });
  await worker.start();
  // Until its listener has seen a notification arrive, a worker answers that it polls.
  const facade = createFacade({ operations: worker.operations });
  await waitFor(
    async () => {
      const { event_system: events } = (await facade.healthDetailed()).checks;
      return events?.status === "healthy" && events.message === "listener connected, poller alive";
    },
    { what: "a listener that is connected" },
  );
});
afterAll(async () => {
  await worker.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function configuration() {
  const templates = fileURLToPath(
    new URL("../packages/ffi-bridge/src/testing/templates/*.yaml", import.meta.url),
  );
  const web = { bind_address: "127.0.0.1:0", endpoints: { cache_operations_enabled: true } };
  return resolveConfig(
    {
      common: { database: { url: database.url }, task_templates: { search_paths: [templates] } },
      worker: {
        namespaces: ["payments"],
        // The process's own metrics move with each call.
        metrics: { node_metrics: false },
        web,
        bridge: { socket_path: socketPath, writes_enabled: true },
      },
    },
    { env: {} },
  );
}

/** The bytes of an answer, what moves in it masked; the order of fields stays as it was. */
function stilled({ body, ...outcome }: Outcome): Outcome {
  if (body === undefined) return outcome;
  if (!body.startsWith("{"))
    return {
      body: body.replaceAll(/^(tasker_\w+)(\{.*\})? \S+$/gm, (line, name: string, labels = "") =>
        movingFamilies.test(name) ? `${name}${labels} moving` : line,
      ),
    };
  return { body: JSON.stringify(JSON.parse(body, still)) };
}

function still(key: string, value: unknown): unknown {
  if (movingFields.includes(key)) return "moving";
  return isSample(value) && movingFamilies.test(value.name) ? { ...value, value: "moving" } : value;
}

function isSample(value: unknown): value is { readonly name: string; readonly value: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "metric_type" in value
  );
}

/** All calls, one after the other, in the order of the table: each finds the templates' cache as the one before left it. */
async function answersOver(
  ask: Ask,
  { isHttp }: { readonly isHttp: boolean },
): Promise<Record<string, Outcome>> {
  const answers: Record<string, Outcome> = {};
  for (const [name, call] of Object.entries<Call>(calls))
    if (!isHttp || call.http !== undefined) answers[name] = stilled(await ask(call));
  return answers;
}

const anyTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
const ways: readonly {
  readonly name: string;
  readonly isHttp: boolean;
  readonly open: () => Ask | Promise<Ask>;
}[] = [
  {
    name: "the facade",
    isHttp: false,
    open: () => askFacade(createFacade({ operations: worker.operations })),
  },
  { name: "its socket", isHttp: false, open: () => askSocket(socketPath) },
  { name: "the facade of another process", isHttp: false, open: () => askRemoteFacade(socketPath) },
  { name: "its port", isHttp: true, open: () => askHttp(worker.url!, anyTime) },
  { name: "a router", isHttp: true, open: () => openRouter(worker.operations, anyTime) },
];

describe("a live worker", () => {
  it.each(ways)(
    "answers over $name as its functions do, but for what moves",
    async ({ open, isHttp }) => {
      const functions = askFunctions(worker.operations);
      await answersOver(functions, { isHttp }); // from here on the cache is as each later round leaves it
      const expected = await answersOver(functions, { isHttp });
      expect(await answersOver(await open(), { isHttp })).toEqual(expected);
      expect(Object.keys(expected).length).toBeGreaterThan(18);
    },
  );
});
