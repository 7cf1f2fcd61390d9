import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { createWorkerContext } from "./context.js";
import {
  type Awaitable,
  defineOperation,
  type Operation,
  type Operations,
  takesParams,
} from "./operation.js";

const greet = defineOperation({
  name: "greet",
  group: "health",
  access: "read",
  exposure: "detail",
  params: z.strictObject({ name: z.string() }),
  result: z.object({ greeting: z.string() }),
  mediaTypes: ["application/json"],
  context: createWorkerContext(),
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

  it("fits a map of operations of any kind", () => {
    expectTypeOf(greet).toExtend<Operation>();
    expectTypeOf<{ greet: typeof greet }>().toExtend<Operations>();
  });
});

describe("takesParams", () => {
  it("tells an operation with parameters, optional ones too, from one without", () => {
    expect(takesParams(greet)).toBe(true);
    expect(takesParams({ ...greet, params: z.strictObject({ limit: z.int().optional() }) })).toBe(
      true,
    );
    expect(takesParams({ ...greet, params: z.strictObject({}) })).toBe(false);
  });
});
