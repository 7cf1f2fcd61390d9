import { describe, expect, it } from "vitest";
import { createFacade } from "./facade.js";
import { createBridgeFunctions } from "./functions.js";
import { createSocketServer } from "./socket-server.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const { observability } = createSampleWorker();
const { operations } = observability;
const path = "/tmp/x.sock";

/** As callers without types call. */
const makers = {
  createSocketServer: (options: unknown) => createSocketServer(options as never),
  createFacade: (options: unknown) => createFacade(options as never),
  createBridgeFunctions: (given: unknown) => createBridgeFunctions(given as never),
  "createBridgeFunctions' options": (options: unknown) =>
    createBridgeFunctions(operations, options as never),
};

const takeOperations = "operations must be operations by name: pass the `operations` of ";

describe("wrong options", () => {
  it.each<[maker: keyof typeof makers, given: unknown, problem: string]>([
    [
      "createSocketServer",
      undefined,
      "createSocketServer takes an object: operations, path, policy, ",
    ],
    ["createSocketServer", { path }, `${takeOperations}a facade or a worker.`],
    [
      "createSocketServer",
      { operations: observability, path },
      `${takeOperations}this facade or worker.`,
    ],
    [
      "createSocketServer",
      { operations, path, polcy: {} },
      'createSocketServer knows no option "polcy". Did you mean "policy"?',
    ],
    [
      "createSocketServer",
      { operations, path, policy: {} },
      "policy must be what createAccessPolicy() made",
    ],
    ["createSocketServer", { operations, path, policy: null }, "policy must be"],
    [
      "createSocketServer",
      { operations, path, events: {} },
      "events must have subscribe(pattern, deliver).",
    ],
    [
      "createSocketServer",
      { operations, path, requestTimeoutMs: 0 },
      "requestTimeoutMs must be a whole number from 1 to 2147483647.",
    ],
    [
      "createSocketServer",
      { operations, path, stopTimeoutMs: -1, drainTimeoutMs: "5" },
      "stopTimeoutMs must be a whole number from 0 to 2147483647. drainTimeoutMs must be",
    ],
    [
      "createSocketServer",
      { operations, path, idleTimeoutMs: Number.NaN, clock: {}, makeRequestId: "r-1", logger: {} },
      "idleTimeoutMs must be a whole number from 1 to 2147483647. clock must have wallMs(), monotonicMs() and after(). makeRequestId must be a function. logger must be",
    ],
    ["createFacade", undefined, "createFacade takes an object: operations, policy, close."],
    ["createFacade", {}, `${takeOperations}a facade or a worker.`],
    ["createFacade", operations, 'createFacade knows no option "health_basic"'],
    ["createFacade", { operations, policy: {} }, "policy must be"],
    ["createFacade", { operations, close: 1 }, "close must be a function."],
    ["createBridgeFunctions", undefined, `${takeOperations}a facade or a worker.`],
    ["createBridgeFunctions", [1], `${takeOperations}a facade or a worker.`],
    [
      "createBridgeFunctions",
      { health_basic: { run: () => 1 } },
      `${takeOperations}a facade or a worker.`,
    ],
    ["createBridgeFunctions", observability, `${takeOperations}this facade or worker.`],
    [
      "createBridgeFunctions",
      new (class {
        get operations() {
          return operations;
        }
      })(),
      `${takeOperations}this facade or worker.`,
    ],
    ["createBridgeFunctions' options", null, "createBridgeFunctions takes an object: policy."],
    [
      "createBridgeFunctions' options",
      { polcy: 1 },
      'knows no option "polcy". Did you mean "policy"?',
    ],
    ["createBridgeFunctions' options", { policy: null }, "policy must be"],
  ])("of %s are refused at once, case %#", (maker, given, problem) => {
    expect(() => makers[maker](given)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });
});
