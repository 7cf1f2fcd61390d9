import { createFakeClock } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod";
import { type Caller, createAccessPolicy } from "./access-policy.js";
import type { Awaitable } from "./awaitable.js";
import { createWorkerContext, type WorkerContext } from "./context.js";
import type { ErrorCode } from "./error-codes.js";
import { ObservabilityError } from "./errors.js";
import { answer, inProcess, invoke } from "./invoke.js";
import type { Lifecycle } from "./lifecycle.js";
import { defineOperation } from "./define-operation.js";
import type { Operation } from "./operation.js";

const overHttp: Caller = { transport: "http", rights: null };

function greet(context: WorkerContext = createWorkerContext()) {
  return defineOperation({
    name: "greet",
    group: "templates",
    access: "read",
    exposure: "detail",
    params: z.strictObject({ name: z.string(), times: z.int().min(1).default(1) }),
    result: z.object({ greeting: z.string() }),
    mediaTypes: ["application/json"],
    context,
    run: async ({ name, times }) => ({ greeting: `Hello ${name} ${times}` }),
  });
}

/** An operation without params that runs this. */
function running(run: () => unknown, more: Partial<Operation> = {}): Operation {
  return {
    ...greet(),
    params: z.strictObject({}),
    result: z.unknown(),
    run: async () => run(),
    ...more,
  };
}

async function codeOf(call: Awaitable<unknown>): Promise<ErrorCode | "no error"> {
  return Promise.resolve(call).then(
    () => "no error",
    (error: unknown) => (ObservabilityError.isInstance(error) ? error.code : expect.unreachable()),
  );
}

describe("invoke", () => {
  it("reads the params, fills in their defaults and resolves to the result", async () => {
    const result = await invoke(greet(), { name: "Ada" }, inProcess);
    expect(result).toEqual({ greeting: "Hello Ada 1" });
    expectTypeOf(result).toEqualTypeOf<{ greeting: string }>();
  });

  it.each<[Lifecycle, ErrorCode | "no error"]>([
    ["created", "WORKER_NOT_RUNNING"],
    ["starting", "no error"],
    ["running", "no error"],
    ["draining", "no error"],
    ["stopped", "WORKER_NOT_RUNNING"],
  ])("answers a worker that is %s: %s", async (lifecycle, code) => {
    expect(
      await codeOf(invoke(greet(createWorkerContext({ lifecycle })), { name: "Ada" }, inProcess)),
    ).toBe(code);
  });

  it("says so when the worker does not run", async () => {
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
      /cache_operations_enabled \(HTTP\) or worker\.bridge\.writes_enabled/,
    ],
    [
      "CACHE_OPERATIONS_DISABLED",
      { transport: "socket", rights: null },
      {},
      /writes_enabled \(socket\)/,
    ],
    [
      "ENDPOINT_NOT_FOUND",
      overHttp,
      { httpGroups: ["health"] },
      /greet is switched off on this transport/,
    ],
  ])(
    "refuses with %s where the policy does, and does not run",
    async (code, caller, options, message) => {
      const run = vi.fn();
      const write = { ...running(run), access: "write" } as const;
      const refused = invoke(write, {}, caller, {}, createAccessPolicy(options));
      await expect(refused).rejects.toThrow(message);
      expect(await codeOf(refused)).toBe(code);
      expect(run).not.toHaveBeenCalled();
    },
  );

  it("writes for a caller in process and for nobody else, where no policy is given", async () => {
    const write = { ...running(() => "written"), access: "write" } as const;
    await expect(invoke(write, {}, inProcess)).resolves.toBe("written");
    for (const transport of ["http", "socket"] as const) {
      expect(await codeOf(invoke(write, {}, { transport, rights: ["read", "write"] }))).toBe(
        "CACHE_OPERATIONS_DISABLED",
      );
    }
  });

  it("tells a stranger nothing about params: policy comes before them, and lifecycle before policy", async () => {
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

  it("refuses params with all their problems and none of their values", async () => {
    const call = invoke(
      greet(),
      { name: ["hunter2"], times: 0, sk_live_51H: "hunter2" },
      inProcess,
    );
    await expect(call).rejects.toMatchObject({ code: "INVALID_PARAMS" });
    await expect(call).rejects.toThrow(
      "greet refused its params: name: Invalid input: expected string, received array; times: Too small: expected number to be >=1; params: an unknown key, where it knows name, times",
    );
  });

  it("takes absent params for none", async () => {
    for (const params of [undefined, null, {}])
      await expect(
        invoke(
          running(() => "ok"),
          params,
          inProcess,
        ),
      ).resolves.toBe("ok");
    for (const params of [undefined, null, {}])
      expect(await codeOf(invoke(greet(), params, inProcess))).toBe("INVALID_PARAMS");
  });

  it("refuses params of an operation that takes none", async () => {
    expect(
      await codeOf(
        invoke(
          running(() => "ok"),
          { verbose: true },
          inProcess,
        ),
      ),
    ).toBe("INVALID_PARAMS");
  });

  it("asks a function for the params once lifecycle and policy have passed, and passes its refusal on", async () => {
    await expect(invoke(greet(), () => ({ name: "Ada" }), inProcess)).resolves.toEqual({
      greeting: "Hello Ada 1",
    });
    const read = vi.fn(() => {
      throw new ObservabilityError("PAYLOAD_TOO_LARGE", "Too large.");
    });
    expect(
      await codeOf(invoke(greet(), read, overHttp, {}, createAccessPolicy({ httpAuth: true }))),
    ).toBe("UNAUTHORIZED");
    expect(read).not.toHaveBeenCalled();
    expect(await codeOf(invoke(greet(), read, inProcess))).toBe("PAYLOAD_TOO_LARGE");
  });

  it("rejects, and never throws, whatever the params are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
        async (params) => {
          const code = await codeOf(invoke(greet(), params, inProcess));
          expect(["INVALID_PARAMS", "no error"]).toContain(code);
        },
      ),
    );
    const getter = Object.defineProperty({}, "name", {
      enumerable: true,
      get: () => expect.fail("read"),
    });
    expect(await codeOf(invoke(greet(), getter, inProcess))).toBe("INTERNAL");
  });

  it("refuses a media type that the operation does not speak", async () => {
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

  it("passes an ObservabilityError of the service through as it is, unlogged", async () => {
    const logger = vi.fn();
    const own = new ObservabilityError("TEMPLATE_NOT_FOUND", "There is no such template.");
    const failing = running(() => Promise.reject(own), {
      context: createWorkerContext({ logger }),
    });
    await expect(invoke(failing, {}, inProcess)).rejects.toBe(own);
    expect(logger).not.toHaveBeenCalled();
  });

  it("makes INTERNAL of a foreign error and logs it once, redacted", async () => {
    const logger = vi.fn();
    const context = createWorkerContext({ logger });
    const driverError = Object.assign(
      new Error("connect ECONNREFUSED postgres://worker:hunter2@10.0.0.7/db"),
      { code: "ECONNREFUSED" },
    );
    const rejecting = running(() => Promise.reject(driverError), { context });
    const throwing: Operation = {
      ...rejecting,
      run: () => {
        throw driverError;
      },
    };
    for (const failing of [rejecting, throwing]) {
      const error: unknown = await invoke(failing, {}, inProcess).catch(
        (caught: unknown) => caught,
      );
      expect(error).toMatchObject({
        code: "INTERNAL",
        message: "The operation failed; the worker's log has the reason.",
        cause: { name: "Error", code: "ECONNREFUSED" },
      });
      expect(logger.mock.calls).toEqual([
        [
          "error",
          "operation failed",
          {
            operation: "greet",
            error: expect.objectContaining({ name: "Error", code: "ECONNREFUSED" }),
          },
        ],
      ]);
      expect(JSON.stringify(logger.mock.calls)).not.toContain("hunter2");
      logger.mockClear();
    }
  });

  it("rejects with an ObservabilityError where even the logger throws", async () => {
    const logger = (): never => {
      throw new Error("disk full");
    };
    expect(
      await codeOf(
        invoke(
          running(() => Promise.reject(new Error("no")), {
            context: createWorkerContext({ logger }),
          }),
          {},
          inProcess,
        ),
      ),
    ).toBe("INTERNAL");
  });
});

describe("answer", () => {
  it("encodes the result as JSON", async () => {
    await expect(answer(greet(), { name: "Ada" }, inProcess)).resolves.toEqual({
      body: '{"greeting":"Hello Ada 1"}',
      mediaType: "application/json",
      verdict: "ok",
    });
  });

  it("passes text through, in the media type that was asked for", async () => {
    const text = running(() => "up 1\n", {
      mediaTypes: ["text/plain", "application/openmetrics-text"],
    });
    await expect(answer(text, {}, inProcess)).resolves.toEqual({
      body: "up 1\n",
      mediaType: "text/plain",
      verdict: "ok",
    });
    await expect(
      answer(text, {}, inProcess, { mediaType: "application/openmetrics-text" }),
    ).resolves.toMatchObject({ mediaType: "application/openmetrics-text" });
  });

  it("gives the operation's verdict on its result", async () => {
    const operation = running(() => ({ up: false }), {
      verdict: (result) => ((result as { up: boolean }).up ? "ok" : "unavailable"),
    });
    await expect(answer(operation, {}, inProcess)).resolves.toMatchObject({
      verdict: "unavailable",
      body: '{"up":false}',
    });
  });

  it("makes INTERNAL of a result that is no JSON, of a text that is none and of a verdict that throws", async () => {
    const broken = [
      running(() => ({ count: 1n })),
      running(() => undefined),
      running(() => ({ a: 1 }), { mediaTypes: ["text/plain"] }),
      running(() => 1, {
        verdict: () => {
          throw new Error("no");
        },
      }),
    ];
    for (const operation of broken)
      expect(await codeOf(answer(operation, {}, inProcess))).toBe("INTERNAL");
  });

  it("rejects as invoke does", async () => {
    expect(await codeOf(answer(greet(), { name: 1 }, inProcess))).toBe("INVALID_PARAMS");
    expect(await codeOf(answer({ ...greet(), access: "write" }, { name: "Ada" }, overHttp))).toBe(
      "CACHE_OPERATIONS_DISABLED",
    );
  });
});

describe("an answer without a wait", () => {
  it("comes where the operation has its result", () => {
    expect(
      answer(
        running(() => 1, { run: () => ({ up: true }) }),
        {},
        inProcess,
      ),
    ).toEqual({ body: '{"up":true}', mediaType: "application/json", verdict: "ok" });
  });

  it("rejects with what is known at once, and never throws", async () => {
    await expect(answer(greet(), { name: 1 }, inProcess)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("promises what has to be waited for, and rejects with what it comes to", async () => {
    await expect(
      answer(
        running(() => 1),
        {},
        inProcess,
      ),
    ).resolves.toMatchObject({ body: "1" });
    const failing = running(() => {
      throw new Error("no");
    });
    await expect(answer(failing, {}, inProcess)).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("encodes a frozen result that it is given again once, and anything else each time", () => {
    const toJSON = vi.fn(() => "encoded");
    const asked = (result: object): void => {
      const operation = running(() => 1, { run: () => result });
      for (let call = 0; call < 3; call += 1)
        expect(answer(operation, {}, inProcess)).toMatchObject({ body: '"encoded"' });
    };
    asked(Object.freeze({ toJSON }));
    expect(toJSON).toHaveBeenCalledTimes(1);
    asked({ toJSON });
    expect(toJSON).toHaveBeenCalledTimes(4);
  });

  it("does not take a result for the one before it, nor one media type for another", () => {
    const results = [Object.freeze({ at: 1 }), Object.freeze({ at: 2 })];
    const next = running(() => 1, {
      run: () => results.shift(),
      mediaTypes: ["application/json", "text/plain"],
    });
    expect(answer(next, {}, inProcess)).toMatchObject({ body: '{"at":1}' });
    expect(answer(next, {}, inProcess)).toMatchObject({ body: '{"at":2}' });
    const both = running(() => 1, {
      run: () => "up",
      mediaTypes: ["application/json", "text/plain"],
    });
    expect(answer(both, {}, inProcess)).toMatchObject({ body: '"up"' });
    expect(answer(both, {}, inProcess, { mediaType: "text/plain" })).toMatchObject({
      body: "up",
    });
  });
});
