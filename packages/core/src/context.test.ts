import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { createWorkerContext } from "./context.js";
import { createRedactor, MASK } from "@tasker-observability/redact";

describe("createWorkerContext", () => {
  it("has a default for everything", () => {
    const context = createWorkerContext();
    expect(context.identity).toEqual({
      workerId: expect.stringMatching(/^worker-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      workerType: "general",
      version: "0.0.0",
      environment: "development",
      namespaces: [],
      capabilities: [],
    });
    expect(context.ports).toEqual({});
    expect(context.lifecycle.current()).toBe("running");
    expect(context.liveness.deadReason()).toBeNull();
    expect(context.steps.window()).toEqual({
      samples: 0,
      errors: 0,
      released: 0,
      in_flight: 0,
      window_seconds: 300,
    });
    expect(context.uptimeSeconds()).toBe(0);
    expect(() => context.logger("info", "not logged")).not.toThrow();
  });

  it("uses the given redactor, or a new one", () => {
    const logged: unknown[] = [];
    const redactor = createRedactor({ secrets: ["opaque-custom-1"] });
    const context = createWorkerContext({ redactor, logger: (...line) => void logged.push(line) });
    expect(context.redactor).toBe(redactor);
    context.logger("info", "with opaque-custom-1", { note: "opaque-custom-1" });
    expect(logged).toEqual([["info", `with ${MASK}`, { note: MASK }]]);
    expect(createWorkerContext().redactor.text("password=x")).toBe(`password=${MASK}`);
    expect(() => createWorkerContext({ redactor: {} as never })).toThrow(
      "redactor must be a Redactor",
    );
  });

  it("treats an undefined option as absent", () => {
    const context = createWorkerContext({
      workerId: undefined,
      ports: undefined,
      lifecycle: undefined,
      clock: undefined,
      logger: undefined,
      stepWindowSeconds: undefined,
    });
    expect(context.identity.workerId).toMatch(/^worker-/);
    expect(context.lifecycle.current()).toBe("running");
  });

  it("gives every worker its own id", () => {
    expect(createWorkerContext().identity.workerId).not.toBe(
      createWorkerContext().identity.workerId,
    );
  });

  it("keeps the given values unchanged", () => {
    const database = { ping: async () => undefined, pool: () => null };
    const logger = vi.fn();
    const context = createWorkerContext({
      workerId: "orders-1",
      workerType: "pgmq",
      version: "1.2.3",
      environment: "production",
      namespaces: ["orders"],
      capabilities: ["steps"],
      ports: { database },
      lifecycle: "created",
      logger,
      stepWindowSeconds: 60,
    });
    expect(context.identity).toEqual({
      workerId: "orders-1",
      workerType: "pgmq",
      version: "1.2.3",
      environment: "production",
      namespaces: ["orders"],
      capabilities: ["steps"],
    });
    expect(context.ports.database).toBe(database);
    expect(context.lifecycle.current()).toBe("created");
    expect(context.steps.window().window_seconds).toBe(60);
    context.logger("info", "heard", { url: "redis://:hunter2@cache" });
    expect(logger).toHaveBeenCalledExactlyOnceWith("info", "heard", {
      url: "redis://***REDACTED***@cache",
    });
  });

  it("is frozen, and a later change to the options does not reach it", () => {
    const namespaces = ["orders"];
    const ports = { database: undefined };
    const context = createWorkerContext({ namespaces, ports });
    namespaces.push("billing");
    Object.assign(ports, { database: {} });
    expect(context.identity.namespaces).toEqual(["orders"]);
    expect(context.ports.database).toBeUndefined();
    for (const part of [
      context,
      context.identity,
      context.identity.namespaces,
      context.identity.capabilities,
      context.ports,
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it.each<[options: unknown, problem: string]>([
    [null, "createWorkerContext takes an object with the options workerId, "],
    [
      { workerid: "orders-1" },
      'Unknown option "workerid" of createWorkerContext. Did you mean "workerId"?',
    ],
    [{ workerId: 5 }, "workerId must be a string that is not empty, not a number."],
    [{ workerId: "" }, "workerId must be a string that is not empty."],
    [{ namespaces: "orders" }, "namespaces must be an array of strings."],
    [{ capabilities: [1] }, "capabilities must be an array of strings, not an array."],
    [{ ports: null }, "ports takes an object with the options database, "],
    [{ ports: { databse: {} } }, 'Unknown option "databse" of ports. Did you mean "database"?'],
    [
      { lifecycle: "ready" },
      "lifecycle must be one of created, starting, running, draining, stopped.",
    ],
    [
      { clock: { now: () => 0 }, logger: {} },
      "clock must be a Clock with wallMs(), monotonicMs() and after(), not an object. logger must be a function",
    ],
  ])("rejects %j", (options, problem) => {
    expect(() => createWorkerContext(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });

  it("rejects an invalid window of step statistics", () => {
    for (const stepWindowSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createWorkerContext({ stepWindowSeconds })).toThrow(
        "stepWindowSeconds must be a positive number of seconds, not ",
      );
    }
  });

  it("counts whole seconds of uptime by the monotonic clock", async () => {
    const clock = createFakeClock();
    const context = createWorkerContext({ clock: { ...clock, wallMs: () => 0 } });
    await clock.advance(1_999);
    expect(context.uptimeSeconds()).toBe(1);
    await clock.advance(1);
    expect(context.uptimeSeconds()).toBe(2);
  });

  it("formats the current time as ISO 8601 in UTC with milliseconds", async () => {
    const clock = createFakeClock(Date.UTC(2026, 1, 3, 4, 5, 6, 7));
    const context = createWorkerContext({ clock });
    expect(context.timestamp()).toBe("2026-02-03T04:05:06.007Z");
    await clock.advance(1);
    expect(context.timestamp()).toBe("2026-02-03T04:05:06.008Z");
  });

  it("formats an instant once for all calls within its millisecond", async () => {
    const format = vi.spyOn(Date.prototype, "toISOString");
    const clock = createFakeClock();
    const context = createWorkerContext({ clock });
    const timestamps = [context.timestamp(), context.timestamp(), context.timestamp()];
    expect(new Set(timestamps).size).toBe(1);
    expect(format).toHaveBeenCalledTimes(1);
    await clock.advance(5);
    context.timestamp();
    expect(format).toHaveBeenCalledTimes(2);
    format.mockRestore();
  });
});
