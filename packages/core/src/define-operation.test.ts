import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { catalogue } from "./catalogue.js";
import { createWorkerContext } from "./context.js";
import { defineOperation, operationsFor, type OperationsOfGroup } from "./define-operation.js";
import { inProcess, invoke } from "./invoke.js";
import type { Awaitable } from "./awaitable.js";
import { takesParams } from "./invoke.js";
import type { Operation, Operations } from "./operation.js";

const none = z.strictObject({});
const greet = defineOperation({
  name: "greet",
  access: "read",
  http: "GET /greetings/{name}",
  params: z.strictObject({ name: z.string() }),
  result: z.object({ greeting: z.string() }),
  run: async ({ name }) => ({ greeting: `Hello ${name}` }),
});

describe("defineOperation", () => {
  it("freezes the operation", () => {
    expect(Object.isFrozen(greet)).toBe(true);
  });

  it("keeps the literal name and the types of params and result", () => {
    expectTypeOf(greet.name).toEqualTypeOf<"greet">();
    expectTypeOf<Parameters<(typeof greet)["run"]>[0]>().toEqualTypeOf<{ name: string }>();
    expectTypeOf<ReturnType<(typeof greet)["run"]>>().toEqualTypeOf<
      Awaitable<{ greeting: string }>
    >();
  });

  it("fits into a map of operations", () => {
    expectTypeOf(greet).toExtend<Operation>();
    expectTypeOf<{ greet: typeof greet }>().toExtend<Operations>();
  });

  it("defaults to the custom group, JSON and no anonymous access", () => {
    expect(greet).toMatchObject({
      group: "custom",
      exposure: "detail",
      mediaTypes: ["application/json"],
      http: ["GET /greetings/{name}"],
    });
  });

  it("can be asked without a worker", async () => {
    expect(await invoke(greet, { name: "Ada" }, inProcess)).toEqual({ greeting: "Hello Ada" });
  });

  const right = { ...greet, http: [] };
  it.each([
    ["a name in another case", { name: "ordersBacklog" }, "lower snake case"],
    ["no name", { name: undefined }, "lower snake case"],
    ["a name of the catalogue", { name: "health_ready" }, "health_ready is an operation of every"],
    ["no access", { access: undefined }, 'greet: access must be "read" or "write"'],
    ["an unknown exposure", { exposure: "details" }, 'exposure must be "probe" or "detail"'],
    ["no media type", { mediaTypes: [] }, "greet: mediaTypes must be an array of media types"],
    ["a media type alone", { mediaTypes: "text/plain" }, "mediaTypes must be an array"],
    ["a media type that is none", { mediaTypes: ["text"] }, "mediaTypes must be an array"],
    ["an unknown group", { group: "orders" }, "greet: group must be one of health, metrics,"],
    ["no params", { params: undefined }, "greet: params must be an object schema"],
    ["params that are no object", { params: z.string() }, "params must be an object schema"],
    ["no result", { result: {} }, "greet: result must be a zod schema"],
    ["nothing to run", { run: undefined }, "greet: run must be a function"],
    ["a path alone", { http: "/greetings" }, "greet: http must be a method and a path"],
    ["a path with a query", { http: ["GET /a?b=c"] }, "http must be a method and a path"],
    ["a path with an unknown param", { http: "GET /a/{b}" }, "names b, which params does not have"],
    ["a path with a param twice", { http: "GET /{name}/{name}" }, "names a parameter twice"],
    ["a write by GET", { access: "write", http: "GET /a" }, "greet: GET /a is a write"],
  ])("rejects %s", (_what, wrong, problem) => {
    expect(() => defineOperation({ ...right, ...wrong } as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });

  it("lists all problems at once", () => {
    expect(() => defineOperation({} as never)).toThrow(
      /name .* access .* params .* result .* run /,
    );
  });
});

describe("operationsFor", () => {
  const operation = operationsFor(createWorkerContext(), none);
  const identity = z.strictObject({ namespace: z.string(), name: z.string(), version: z.string() });
  const result = z.object({ status: z.string() });
  const run = () => ({ status: "fine" });

  it("takes everything except schemas and run from the catalogue", () => {
    expect(operation("health_live", { result, run, verdict: () => "ok" })).toMatchObject({
      name: "health_live",
      ...catalogue.health_live,
    });
    expect(operation("template_get", { params: identity, result, run }).http).toEqual([
      "GET /templates/{namespace}/{name}/{version}",
      "GET /v1/templates/{namespace}/{name}/{version}",
    ]);
  });

  it("must match its row, or does not compile", () => {
    // @ts-expect-error the row has verdicts
    operation("health_live", { result, run });
    // @ts-expect-error the row has none
    operation("health_basic", { result, run, verdict: () => "ok" });
    // @ts-expect-error the row knows no such verdict
    operation("health_live", { result, run, verdict: () => "not_found" });
    // @ts-expect-error the row names params
    operation("template_get", { result, run });
    // @ts-expect-error the row names other params
    operation("template_get", { params: z.strictObject({ name: z.string() }), result, run });
    // @ts-expect-error the row names no params
    operation("health_basic", { params: identity, result, run });
    // @ts-expect-error no such row
    expect(() => operation("health_best", { result, run })).toThrow("health_best");
    expect(operation("health_basic", { result, run }).params).toBe(none);
  });

  it("fails to compile when a row has no operation, and names it", () => {
    const config_runtime = operation("config_runtime", { result, run });
    // @ts-expect-error config_environment is missing
    const some = { config_runtime } satisfies OperationsOfGroup<"config">;
    expect(some).toBeDefined();
  });
});

describe("takesParams", () => {
  it("is true for an operation with parameters, optional ones too", () => {
    expect(takesParams(greet)).toBe(true);
    expect(takesParams({ ...greet, params: z.strictObject({ limit: z.int().optional() }) })).toBe(
      true,
    );
    expect(takesParams({ ...greet, params: none })).toBe(false);
  });
});
