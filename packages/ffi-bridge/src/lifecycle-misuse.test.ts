import { createWorkerContext, type Operations } from "@tasker-observability/core";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createObservability } from "./observability.js";
import type { FacadeBase, HealthMethods } from "./observability-methods.js";
import { type Call, calls } from "./testing/contract-calls.js";
import { askFunctions, type Transport, transports } from "./testing/contract-transports.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const ways: readonly Transport[] = [
  { name: "the functions", isHttp: false, open: async (operations) => askFunctions(operations) },
  ...transports,
];

/** A facade whose database answers when a test says so. */
function createSlowDatabase() {
  const pings: (() => void)[] = [];
  const ping = () => new Promise<void>((resolve) => pings.push(resolve));
  const observability = createObservability({
    context: createWorkerContext({ ports: { database: { ping, pool: () => null } } }),
  });
  return { pings, observability };
}

/** A facade with a check of the application's own, which may call the facade. */
function createSelfAsking(ask: (facade: HealthMethods) => Promise<{ readonly status: string }>) {
  const clock = createFakeClock();
  const check = {
    name: "itself",
    run: async () => ({
      status: ["alive", "healthy"].includes((await ask(observability)).status)
        ? ("healthy" as const)
        : ("unhealthy" as const),
    }),
  };
  const observability: HealthMethods & FacadeBase = createObservability({
    context: createWorkerContext({ clock }),
    health: { checks: [check] },
  });
  return { clock, observability };
}

async function checkOf(body: Promise<{ readonly body?: string }>): Promise<unknown> {
  const answered = JSON.parse((await body).body!) as {
    readonly checks: Readonly<Record<string, unknown>>;
  };
  return answered.checks.itself;
}

describe.each(ways)("over $name", ({ open, isHttp }) => {
  const offered = Object.values<Call>(calls).filter(({ http }) => !isHttp || http !== undefined);

  it.each(["created", "stopped"] as const)(
    "every operation of a worker that is %s says that it does not run",
    async (lifecycle) => {
      const ask = await open(createSampleWorker({ lifecycle }).observability.operations);
      for (const call of offered)
        expect(await ask(call)).toEqual({
          error: "worker_not_running",
          message: "Worker system not running",
        });
    },
  );

  it("two calls at once share one query of the database", async () => {
    const { pings, observability } = createSlowDatabase();
    const ask = await open(observability.operations);
    const asked = [ask(calls.ready), ask(calls.ready)];
    await waitFor(() => pings.length > 0, { what: "the check" });
    pings[0]!();
    for (const { body } of await Promise.all(asked))
      expect(JSON.parse(body!)).toMatchObject({ status: "healthy" });
    expect(pings).toHaveLength(1);
  });

  it("a check may call the bridge itself", async () => {
    const { observability } = createSelfAsking((facade) => facade.healthLive());
    expect(await checkOf((await open(observability.operations))(calls.detailed))).toMatchObject({
      status: "healthy",
    });
  });

  it("a check that waits for its own answer times out alone", async () => {
    const { clock, observability } = createSelfAsking((facade) => facade.healthDetailed());
    const ask = await open(observability.operations);
    const idle = clock.pendingTimers();
    const asked = ask(calls.detailed);
    await waitFor(() => clock.pendingTimers() > idle, { what: "the check" });
    await clock.advance(2_000);
    expect(await checkOf(asked)).toMatchObject({
      status: "unhealthy",
      message: "timeout after 2000 ms",
    });
    expect(JSON.parse((await ask(calls.ready)).body!)).toMatchObject({ status: "healthy" });
  });

  it("a call is answered even if its service is closed meanwhile", async () => {
    const { pings, observability } = createSlowDatabase();
    const ask = await open(observability.operations);
    const asked = ask(calls.ready);
    await waitFor(() => pings.length > 0, { what: "the call" });
    await Promise.all([observability.close(), observability.close()]);
    expect(JSON.parse((await asked).body!)).toMatchObject({
      status: "unhealthy",
      checks: { database: { status: "unhealthy" } },
    });
  });
});

describe("a result that JSON cannot represent", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;

  it.each([
    ["a bigint", { count: 1n }],
    ["a circle", circle],
    ["nothing", undefined],
  ])(
    "is an error without data over every transport that sends bytes: %s",
    async (_what, result) => {
      const { health_basic, ...others } = createSampleWorker().observability.operations;
      const operations: Operations = {
        ...others,
        health_basic: { ...health_basic!, run: async () => result },
      };
      for (const { name, open } of ways.filter((way) => way.name !== "the facade")) {
        expect([name, await (await open(operations))(calls.basic)]).toMatchObject([
          name,
          { error: "internal" },
        ]);
      }
    },
  );
});
