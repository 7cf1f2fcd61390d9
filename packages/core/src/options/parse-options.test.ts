import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { systemClock } from "../clock.js";
import { createWorkerContext } from "../context.js";
import { ObservabilityError } from "../errors.js";
import {
  clockOption,
  contextOption,
  delayMs,
  functionOption,
  numberOption,
  objectAsGiven,
  objectLike,
  textOption,
} from "./option-types.js";
import { parseOptions, validateOptions } from "./parse-options.js";

interface Pool {
  query(): void;
}

const schema = z.strictObject({
  timeoutMs: z._default(delayMs(), 5_000),
  rate: z.optional(numberOption(0, 1)),
  label: z.optional(textOption()),
  verbose: z.boolean().optional(),
  mode: z.enum(["fast", "safe"]).optional(),
  hosts: z.array(textOption()).min(1).readonly().optional(),
  limits: z.optional(z.strictObject({ maxBytes: z.optional(delayMs()) })),
  clock: z.optional(clockOption),
  context: z.optional(contextOption),
  makeId: z.optional(functionOption<() => string>("() => string")),
  pool: z.optional(
    objectLike<Pool>({
      name: "a Pool",
      methods: ["query"],
      hint: "Pass a pool of pg.",
    }),
  ),
});
const parse = (options: unknown) => parseOptions("createX", schema, options);
const problemsOf = (options: unknown) => validateOptions("createX", schema, options);

describe("parseOptions", () => {
  it("fills in defaults, also for undefined, and leaves the others absent", () => {
    expect(parse({})).toEqual({ timeoutMs: 5_000 });
    expect(parse({ timeoutMs: undefined, rate: undefined, clock: undefined })).toEqual({
      timeoutMs: 5_000,
    });
    expectTypeOf(parse({}).timeoutMs).toEqualTypeOf<number>();
  });

  it("passes handles, functions and services through as they are", () => {
    class PgPool implements Pool {
      readonly #secret = 1;
      query(): void {
        expect(this.#secret).toBe(1);
      }
    }
    const given = {
      pool: new PgPool(),
      clock: systemClock,
      makeId: () => "a",
      context: createWorkerContext(),
    };
    const parsed = parse(given);
    for (const name of ["pool", "clock", "makeId", "context"] as const)
      expect(parsed[name]).toBe(given[name]);
  });

  it("names every problem at once, unknown names first", () => {
    expect(() => parse({ timeoutMs: 0, rate: Number.NaN, timeoutMz: 1, color: 2 })).toThrow(
      new ObservabilityError(
        "INVALID_PARAMS",
        [
          'Unknown option "timeoutMz" of createX. Did you mean "timeoutMs"?',
          'Unknown option "color" of createX. It takes timeoutMs, rate, label, verbose, mode, hosts, limits, clock, context, makeId, pool.',
          "timeoutMs must be a whole number from 1 to 2147483647, not 0.",
          "rate must be a number from 0 to 1, not NaN.",
        ].join(" "),
      ),
    );
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [7, "a number"],
    ["x", "a string"],
    [[], "an array"],
    [() => 1, "a function"],
  ])("rejects %j as options", (options, kind) => {
    expect(problemsOf(options)).toEqual([
      `createX takes an object with the options ${Object.keys(schema.shape).join(", ")}, not ${kind}.`,
    ]);
  });

  it.each<[options: unknown, problem: string]>([
    [{ timeoutMs: 1.5 }, "timeoutMs must be a whole number from 1 to 2147483647, not 1.5."],
    [
      { timeoutMs: 2 ** 31 },
      "timeoutMs must be a whole number from 1 to 2147483647, not 2147483648.",
    ],
    [
      { timeoutMs: Infinity },
      "timeoutMs must be a whole number from 1 to 2147483647, not Infinity.",
    ],
    [{ timeoutMs: "5" }, "timeoutMs must be a whole number from 1 to 2147483647, not a string."],
    [{ timeoutMs: null }, "timeoutMs must be a whole number from 1 to 2147483647, not null."],
    [{ label: "" }, "label must be a string that is not empty."],
    [{ label: 12345 }, "label must be a string that is not empty, not a number."],
    [{ verbose: "yes" }, "verbose must be true or false, not a string."],
    [{ mode: "secret" }, 'mode must be "fast" or "safe".'],
    [{ hosts: "a" }, "hosts must be an array, not a string."],
    [{ hosts: [] }, "hosts must not be empty."],
    [{ hosts: ["a", 5] }, "hosts[1] must be a string that is not empty, not a number."],
    [{ limits: true }, "limits takes an object with the options maxBytes, not true."],
    [{ limits: { maxByte: 1 } }, 'Unknown option "maxByte" of limits. Did you mean "maxBytes"?'],
    [
      { limits: { maxBytes: 0 } },
      "limits.maxBytes must be a whole number from 1 to 2147483647, not 0.",
    ],
    [{ makeId: "id" }, "makeId must be a function: () => string, not a string."],
    [{ clock: Date }, "clock must be a Clock, but lacks wallMs, monotonicMs, after."],
    [{ pool: "postgres://u:p@h/db" }, "pool must be a Pool, not a string. Pass a pool of pg."],
    [{ pool: { query: 1 } }, "pool must be a Pool, but lacks query. Pass a pool of pg."],
  ])("says what is wrong with %j", (options, problem) => {
    expect(problemsOf(options)).toEqual([problem]);
  });

  it("says that what is required is missing", () => {
    const required = z.strictObject({ pool: objectLike({ name: "a Pool" }), port: delayMs() });
    expect(validateOptions("createX", required, {})).toEqual([
      "pool must be a Pool, but is missing.",
      "port must be a whole number from 1 to 2147483647, but is missing.",
    ]);
  });

  it("reads inherited options, getters, proxies and objects without a prototype", () => {
    const options = { timeoutMs: 7 };
    const bare: unknown = Object.assign(Object.create(null), options);
    const getter = {
      get timeoutMs() {
        return 7;
      },
    };
    for (const given of [bare, Object.create(options), getter, new Proxy(options, {})])
      expect(parse(given)).toEqual({ timeoutMs: 7 });
  });

  it("names the factory whose options cannot be read, and repeats nothing of the error", () => {
    const hostile = {
      get timeoutMs(): number {
        throw new Error("password=hunter2");
      },
    };
    expect(() => parse(hostile)).toThrow(
      new ObservabilityError("INVALID_PARAMS", "The options of createX cannot be read."),
    );
  });
});

describe("objectAsGiven", () => {
  const itemSchema = z.strictObject({ name: textOption() });
  const listSchema = z.strictObject({ items: z.array(objectAsGiven(itemSchema)) });

  it("keeps an instance of a class, with its other properties", () => {
    class Item {
      readonly name = "disk";
      readonly freeGib = 7;
    }
    const item = new Item();
    expect(parseOptions("createX", listSchema, { items: [item] }).items[0]).toBe(item);
  });

  it("names the path of the mistake", () => {
    expect(
      validateOptions("createX", listSchema, {
        items: [{ name: "a", named: 1 }, { name: 5 }, null],
      }),
    ).toEqual([
      'Unknown option "named" of items[0]. Did you mean "name"?',
      "items[1].name must be a string that is not empty, not a number.",
      "items[2] takes an object with the options name, not null.",
    ]);
  });
});
