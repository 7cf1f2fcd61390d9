import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { type Caller, createAccessPolicy } from "./access-policy.js";
import { createWorkerContext } from "./context.js";
import type { ErrorCode } from "./error-codes.js";
import { inProcess, invoke } from "./invoke.js";
import type { LifecycleState } from "./lifecycle.js";
import type { Operation } from "./operation.js";
import { overHttp, greet, running, codeOf } from "./testing/operations.js";

describe("invoke", () => {
  it("reads the params, fills in their defaults and resolves to the result", async () => {
    const result = await invoke(greet(), { name: "Ada" }, inProcess);
    expect(result).toEqual({ greeting: "Hello Ada 1" });
    expectTypeOf(result).toEqualTypeOf<{ greeting: string }>();
  });

  it.each<[LifecycleState, ErrorCode | "no error"]>([
    ["created", "WORKER_NOT_RUNNING"],
    ["starting", "no error"],
    ["running", "no error"],
    ["draining", "no error"],
    ["stopped", "WORKER_NOT_RUNNING"],
  ])("answers for a worker that is %s: %s", async (lifecycle, code) => {
    expect(
      await codeOf(invoke(greet(createWorkerContext({ lifecycle })), { name: "Ada" }, inProcess)),
    ).toBe(code);
  });

  it("reports that the worker is not running", async () => {
    await expect(
      invoke(greet(createWorkerContext({ lifecycle: "created" })), {}, inProcess),
    ).rejects.toThrow("Worker system not running");
  });

  it.each<[ErrorCode, Caller, Parameters<typeof createAccessPolicy>[0], RegExp]>([
    ["UNAUTHORIZED", overHttp, { httpAuth: true }, /valid API key/],
    [
      "FORBIDDEN",
      { transport: "http", rights: ["read"] },
      { httpAuth: true, httpWrites: true },
      /lacks the right/,
    ],
    [
      "CACHE_OPERATIONS_DISABLED",
      overHttp,
      {},
      /^Cache operations are disabled on this transport\.$/,
    ],
    [
      "CACHE_OPERATIONS_DISABLED",
      { transport: "socket", rights: null },
      { writesHint: "set writes_enabled" },
      /^Cache operations are disabled on this transport: set writes_enabled\.$/,
    ],
    [
      "ENDPOINT_NOT_FOUND",
      overHttp,
      { httpGroups: ["health"] },
      /greet is disabled on this transport/,
    ],
  ])(
    "rejects with %s when the policy does, and does not run",
    async (code, caller, options, message) => {
      const run = vi.fn();
      const write = { ...running(run), access: "write" } as const;
      const refused = invoke(write, {}, caller, {}, createAccessPolicy(options));
      await expect(refused).rejects.toThrow(message);
      expect(await codeOf(refused)).toBe(code);
      expect(run).not.toHaveBeenCalled();
    },
  );

  it("allows writes only in process when no policy is given", async () => {
    const write = { ...running(() => "written"), access: "write" } as const;
    await expect(invoke(write, {}, inProcess)).resolves.toBe("written");
    for (const transport of ["http", "socket"] as const) {
      expect(await codeOf(invoke(write, {}, { transport, rights: ["read", "write"] }))).toBe(
        "CACHE_OPERATIONS_DISABLED",
      );
    }
  });

  it("checks the lifecycle first, then the policy, then the params", async () => {
    const policy = createAccessPolicy({ httpAuth: true });
    expect(await codeOf(invoke(greet(), { wrong: 1 }, overHttp, {}, policy))).toBe("UNAUTHORIZED");
    expect(
      await codeOf(
        invoke(
          greet(createWorkerContext({ lifecycle: "stopped" })),
          { wrong: 1 },
          overHttp,
          {},
          policy,
        ),
      ),
    ).toBe("WORKER_NOT_RUNNING");
  });

  it("rejects a media type that the operation does not support", async () => {
    await expect(
      invoke(greet(), { name: "Ada" }, inProcess, { mediaType: "text/html" }),
    ).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: "greet answers in application/json only.",
    });
  });

  it("ends in TIMEOUT at the budget, with the signal aborted, and logs nothing", async () => {
    const clock = createFakeClock();
    const logger = vi.fn();
    let signal: AbortSignal | undefined;
    const hanging: Operation = {
      ...running(() => undefined, { context: createWorkerContext({ clock, logger }) }),
      run: (_params, call) => ((signal = call.signal), new Promise(() => undefined)),
    };
    const code = codeOf(invoke(hanging, {}, inProcess, { budgetMs: 30_000 }));
    await clock.advance(30_000);
    expect(await code).toBe("TIMEOUT");
    expect(signal?.aborted).toBe(true);
    expect(logger).not.toHaveBeenCalled();
  });
});
