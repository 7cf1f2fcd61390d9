import { expect } from "vitest";
import * as z from "zod";
import type { Caller } from "../access-policy.js";
import type { Awaitable } from "../awaitable.js";
import { createWorkerContext, type WorkerContext } from "../context.js";
import type { ErrorCode } from "../error-codes.js";
import { ObservabilityError } from "../errors.js";
import { defineOperation } from "../define-operation.js";
import type { Operation } from "../operation.js";

export const overHttp: Caller = { transport: "http", rights: null };

export function greet(context: WorkerContext = createWorkerContext()) {
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
export function running(run: () => unknown, more: Partial<Operation> = {}): Operation {
  return {
    ...greet(),
    params: z.strictObject({}),
    result: z.unknown(),
    run: async () => run(),
    ...more,
  };
}

export async function codeOf(call: Awaitable<unknown>): Promise<ErrorCode | "no error"> {
  return Promise.resolve(call).then(
    () => "no error",
    (error: unknown) => (ObservabilityError.isInstance(error) ? error.code : expect.unreachable()),
  );
}
