import { describe, expect, it } from "vitest";
import { createFacade } from "./facade.js";
import { createBridgeFunctions } from "./functions.js";
import { startHeartbeatFile } from "./heartbeat-file.js";
import { createSocketServer } from "./socket-server.js";
import { createSystemdNotifier } from "./supervision/systemd-notifier.js";
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
  startHeartbeatFile: (options: unknown) => startHeartbeatFile(options as never),
  createSystemdNotifier: (options: unknown) => createSystemdNotifier(options as never),
};

const takeOperations = "operations must be operations by name: pass the `operations` of ";

describe("wrong options", () => {
  it.each<[maker: keyof typeof makers, given: unknown, problem: string]>([
    [
      "createSocketServer",
      undefined,
      "createSocketServer takes an object with the options operations, path, policy, ",
    ],
    ["createSocketServer", { path }, `${takeOperations}a facade or a worker, `],
    [
      "createSocketServer",
      { operations: observability, path },
      `${takeOperations}this facade or worker, `,
    ],
    [
      "createSocketServer",
      { operations, path, polcy: {} },
      'Unknown option "polcy" of createSocketServer. Did you mean "policy"?',
    ],
    [
      "createSocketServer",
      { operations, path, policy: {} },
      "policy must be an AccessPolicy, but lacks offers, refusal. createAccessPolicy() makes one.",
    ],
    ["createSocketServer", { operations, path, policy: null }, "policy must be"],
    [
      "createSocketServer",
      { operations, path, events: {} },
      "events must be an EventSource, but lacks subscribe.",
    ],
    [
      "createSocketServer",
      { operations, path, requestTimeoutMs: 0 },
      "requestTimeoutMs must be a whole number from 1 to 2147483647, not 0.",
    ],
    [
      "createSocketServer",
      { operations, path, stopTimeoutMs: -1, drainTimeoutMs: "5" },
      "stopTimeoutMs must be a whole number from 0 to 2147483647, not -1. drainTimeoutMs must be",
    ],
    [
      "createSocketServer",
      { operations, path, idleTimeoutMs: Number.NaN, clock: {}, makeRequestId: "r-1", logger: {} },
      "idleTimeoutMs must be a whole number from 1 to 2147483647, not NaN. clock must be a Clock, but lacks wallMs, monotonicMs, after. makeRequestId must be a function: () => string, not a string. logger must be",
    ],
    [
      "createFacade",
      undefined,
      "createFacade takes an object with the options operations, policy, close, not undefined.",
    ],
    ["createFacade", {}, `${takeOperations}a facade or a worker, `],
    ["createFacade", operations, 'Unknown option "health_basic" of createFacade'],
    ["createFacade", { operations, policy: {} }, "policy must be"],
    [
      "createFacade",
      { operations, close: 1 },
      "close must be a function: () => void, not a number.",
    ],
    ["createBridgeFunctions", undefined, `${takeOperations}a facade or a worker, `],
    ["createBridgeFunctions", [1], `${takeOperations}a facade or a worker, `],
    [
      "createBridgeFunctions",
      { health_basic: { run: () => 1 } },
      `${takeOperations}a facade or a worker, `,
    ],
    ["createBridgeFunctions", observability, `${takeOperations}this facade or worker, `],
    [
      "createBridgeFunctions",
      new (class {
        get operations() {
          return operations;
        }
      })(),
      `${takeOperations}this facade or worker, `,
    ],
    [
      "createBridgeFunctions' options",
      null,
      "createBridgeFunctions takes an object with the options policy, not null.",
    ],
    [
      "createBridgeFunctions' options",
      { polcy: 1 },
      'Unknown option "polcy" of createBridgeFunctions. Did you mean "policy"?',
    ],
    ["createBridgeFunctions' options", { policy: null }, "policy must be"],
    [
      "startHeartbeatFile",
      { path: "", ready: true, everyMz: 1, everyMs: 0 },
      'Unknown option "everyMz" of startHeartbeatFile. Did you mean "everyMs"? context must be a WorkerContext, but is missing. createWorkerContext() makes one. path must be a string that is not empty. ready must be a function: () => Promise<boolean>, not true. everyMs must be a whole number from 1 to 2147483647, not 0.',
    ],
    [
      "createSystemdNotifier",
      { context: null, commands: "a", command: 5 },
      'Unknown option "commands" of createSystemdNotifier. Did you mean "command"? context must be a WorkerContext, not null. createWorkerContext() makes one. env must be an environment, but is missing. Pass process.env. command must be a string that is not empty, not a number.',
    ],
  ])("of %s are refused at once, case %#", (maker, given, problem) => {
    expect(() => makers[maker](given)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });
});
