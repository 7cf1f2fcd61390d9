import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createAccessPolicy } from "./access-policy.js";
import { operationNames } from "./catalogue.js";
import { createWorkerContext } from "./context.js";
import { defineOperation, operationsFor } from "./define-operation.js";
import { inProcess, invoke } from "./invoke.js";
import { withPlaceholders, toOperations } from "./operations.js";

const none = z.strictObject({});
const context = createWorkerContext();
const health_basic = operationsFor(context, none)("health_basic", {
  result: z.string(),
  run: () => "fine",
});
const orders_backlog = defineOperation({
  name: "orders_backlog",
  access: "read",
  params: none,
  result: z.int(),
  run: () => 3,
});

describe("toOperations", () => {
  it("accepts operations under their own name, and services under any name", () => {
    const health = { operations: { health_basic } };
    expect(Object.keys(toOperations({ health, orders_backlog }))).toEqual([
      "health_basic",
      "orders_backlog",
    ]);
  });

  it("lets an operation without a context answer for the worker of the others", () => {
    expect(toOperations({ orders_backlog, health_basic }).orders_backlog!.context).toBe(context);
    const own = { ...orders_backlog, context: createWorkerContext() };
    expect(toOperations({ orders_backlog: own, health_basic }).orders_backlog).toBe(own);
  });

  it.each<[string, object, string]>([
    ["null", { orders_backlog: null }, "operations.orders_backlog is neither"],
    ["a function", { ready: () => true }, "operations.ready is neither an operation nor a service"],
    ["an operation under another name", { orders: orders_backlog }, "is the operation orders_back"],
    [
      "two of one name",
      { mine: { operations: { orders_backlog } }, orders_backlog },
      "There are two operations orders_backlog",
    ],
  ])("rejects %s", (_what, source, problem) => {
    expect(() => toOperations(source as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });
});

describe("withPlaceholders", () => {
  it("contains the whole catalogue and the given operations", () => {
    const complete = withPlaceholders({ health_basic, orders_backlog });
    expect(Object.keys(complete).sort()).toEqual([...operationNames, "orders_backlog"].sort());
    expect(complete.health_basic).toBe(health_basic);
  });

  it.each(operationNames)(
    "says of %s that its service was not given, whatever the params",
    async (name) => {
      await expect(
        invoke(withPlaceholders({})[name], { any: "thing" }, inProcess),
      ).rejects.toMatchObject({
        code: "SERVICE_NOT_INSTALLED",
        message: `Web state not available: this worker was assembled without the service for ${name}.`,
      });
    },
  );

  it("applies the policy to operations that are not installed", () => {
    const { template_refresh } = withPlaceholders({});
    const caller = { transport: "socket", rights: null } as const;
    expect(createAccessPolicy().refusal(template_refresh, caller)).toBe(
      "CACHE_OPERATIONS_DISABLED",
    );
  });
});
