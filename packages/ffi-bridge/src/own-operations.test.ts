import {
  createAccessPolicy,
  createWorkerContext,
  type Operations,
} from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { bindObservability, Observability } from "./bound-observability.js";
import { createBridgeFunctions } from "./functions.js";
import { createObservability } from "./observability.js";
import {
  askFacade,
  askFunctions,
  type Transport,
  transports,
} from "./testing/contract-transports.js";
import { createOwnOperations, ownCalls } from "./testing/own-operations.js";

const ways: readonly (Transport & { readonly isInProcess?: boolean })[] = [
  {
    name: "the functions",
    isHttp: false,
    isInProcess: true,
    open: async (operations) => askFunctions(operations),
  },
  ...transports.map((transport) => ({
    ...transport,
    isInProcess: transport.name === "the facade",
  })),
];

const backlogs = [
  { library: "zod", call: ownCalls.backlog },
  { library: "zod/mini", call: ownCalls.miniBacklog },
];

/** A worker whose application has operations of its own, which say nothing of a context. */
function createOwnWorker(lifecycle: "running" | "stopped" = "running") {
  const log: unknown[] = [];
  const context = createWorkerContext({
    lifecycle,
    clock: createFakeClock(),
    logger: (...line) => void log.push(line),
  });
  const observability = createObservability({ context, operations: createOwnOperations() });
  onTestFinished(() => observability.close());
  return { log, observability, operations: observability.operations };
}

describe.each(ways)(
  "an application's own operation over $name",
  ({ open, isInProcess = false }) => {
    it.each(backlogs)(
      "accepts params of $library, and answers with its result",
      async ({ call }) => {
        const ask = await open(createOwnWorker().operations);
        expect(await ask(call({ region: "north/1", limit: 5 }))).toEqual({
          body: '{"region":"north/1","waiting":5,"urgent":true}',
        });
        expect(await ask(call({ region: "south", urgent: false }))).toEqual({
          body: '{"region":"south","waiting":10,"urgent":false}',
        });
      },
    );

    it.each(backlogs)("rejects params that its schema of $library rejects", async ({ call }) => {
      const ask = await open(createOwnWorker().operations);
      expect(await ask(call({ region: "north", limit: 0 }))).toEqual({
        error: "invalid_params",
        message: expect.stringMatching(
          /^(?:orders|mini)_backlog rejected its params: limit: (?!Invalid input$)/,
        ),
      });
    });

    it("passes on an error that it means, and logs any other", async () => {
      const { operations, log } = createOwnWorker();
      const ask = await open(operations);
      expect(await ask(ownCalls.backlog({ region: "closed" }))).toEqual({
        error: "timeout",
        message: "The region is closed.",
      });
      expect(await ask(ownCalls.backlog({ region: "nowhere" }))).toEqual({
        error: "internal",
        message: "The operation failed; the worker's log has the reason.",
      });
      expect(log).toContainEqual([
        "error",
        "operation failed",
        expect.objectContaining({ operation: "orders_backlog" }),
      ]);
    });

    it("writes only if the transport offers writes", async () => {
      const { operations } = createOwnWorker();
      const policy = createAccessPolicy();
      expect(await (await open(operations, policy))(ownCalls.requeue)).toEqual(
        isInProcess
          ? { body: '{"requeued":1}' }
          : {
              error: "forbidden",
              message:
                "This operation changes the worker's state, and this transport offers no writes.",
            },
      );
      expect(await (await open(operations))(ownCalls.requeue)).toEqual({
        body: `{"requeued":${isInProcess ? 2 : 1}}`,
      });
    });

    it("answers its result whatever its verdict is", async () => {
      const ask = await open(createOwnWorker().operations);
      expect(await ask(ownCalls.empty)).toEqual({ body: '{"waiting":0}' });
    });

    it("is rejected while the worker is not running", async () => {
      const ask = await open(createOwnWorker("stopped").operations);
      expect(await ask(ownCalls.requeue)).toEqual({
        error: "worker_not_running",
        message: "Worker system not running",
      });
    });
  },
);

describe("call", () => {
  it("is typed if the operations are known", async () => {
    const { observability } = createOwnWorker();
    const backlog = () => observability.call("orders_backlog", { region: "north" });
    expectTypeOf(backlog).returns.resolves.toEqualTypeOf<{
      region: string;
      waiting: number;
      urgent: boolean;
    }>();
    expect((await backlog()).waiting).toBe(10);
    expect(await observability.call("health_basic")).toMatchObject({ status: "healthy" });
  });

  it("asks the bound worker", async () => {
    const { observability } = createOwnWorker();
    onTestFinished(bindObservability(observability));
    expect(await askFacade(Observability)(ownCalls.backlog({ region: "north" }))).toEqual({
      body: '{"region":"north","waiting":10,"urgent":true}',
    });
  });

  it("rejects a name that no operation has with ENDPOINT_NOT_FOUND", async () => {
    await expect(createOwnWorker().observability.call("orders_backlogs")).rejects.toMatchObject({
      code: "ENDPOINT_NOT_FOUND",
      message: "This worker has no such method.",
    });
  });
});

describe("an application's own operations", () => {
  it("are typed functions besides those of the catalogue", async () => {
    const functions = createBridgeFunctions(createOwnOperations());
    expect(JSON.parse(await functions.orders_backlog({ region: "north" }))).toMatchObject({
      waiting: 10,
    });
    await expect(functions.health_basic()).rejects.toMatchObject({ code: "SERVICE_NOT_INSTALLED" });
    // @ts-expect-error the region is missing
    await expect(functions.orders_backlog({})).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });

  it("cannot take the place of a worker's own", () => {
    const { health_basic } = createOwnWorker().operations as Operations & {
      readonly health_basic: Operations[string];
    };
    expect(() =>
      createObservability({ context: createWorkerContext(), operations: { health_basic } }),
    ).toThrow("There are two operations health_basic");
  });

  it.each(["events_subscribe", "events_unsubscribe"])(
    "cannot have the socket's own name %s",
    async (name) => {
      const { orders_empty } = createOwnOperations();
      const { createSocketServer } = await import("./socket-server.js");
      expect(() =>
        createSocketServer({ operations: { [name]: { ...orders_empty, name } }, path: "/tmp/x" }),
      ).toThrow(`The socket answers ${name} itself: give the operation another name.`);
    },
  );
});
