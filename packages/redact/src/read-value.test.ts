import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "./index.js";

const redacted = (value: unknown): unknown => createRedactor().redact(value).value;

describe("values of any shape", () => {
  it.each([
    ["a bigint", 12n, 12],
    ["a bigint that no number represents", 2n ** 60n, "1152921504606846976"],
    ["NaN and infinities", [Number.NaN, Infinity, -Infinity], ["NaN", "Infinity", "-Infinity"]],
    [
      "undefined, a function and a symbol",
      [undefined, () => 1, Symbol("hunter2")],
      [null, "[Function]", "[Symbol]"],
    ],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no date", new Date(Number.NaN), "Invalid Date"],
    [
      "bytes",
      [Buffer.from("hunter2"), new Uint8Array(3), new ArrayBuffer(2)],
      ["[Binary, 7 bytes]", "[Binary, 3 bytes]", "[Binary, 2 bytes]"],
    ],
    [
      "a map",
      new Map<unknown, unknown>([
        ["password", "x"],
        [1, 2],
        ["1", 4],
        [{}, 3],
      ]),
      { password: MASK, 1: 2, "1#2": 4, "[Object]": 3 },
    ],
    ["a set", new Set(["Bearer abc1", 1]), [MASK, 1]],
    ["a URL", new URL("https://u:p@h/x"), `https://${MASK}@h/x`],
    ["search parameters", new URLSearchParams({ token: "x" }), MASK],
    ["boxed values", [Object("s"), Object(1), Object(false)], ["s", 1, false]],
    ["an object that knows its JSON", { toJSON: () => ({ password: "x" }) }, { password: MASK }],
    [
      "JSON that has a JSON of its own",
      { toJSON: () => ({ toJSON: 1, a: 1 }) },
      { toJSON: 1, a: 1 },
    ],
    [
      "an object without a prototype",
      Object.assign(Object.create(null), { token: "x" }),
      { token: MASK },
    ],
    ["a list with holes", Object.assign(Array(3), { 1: "a" }), [null, "a", null]],
    ["symbol keys", { [Symbol("password")]: "x", a: 1 }, { a: 1 }],
    [
      "an error",
      { error: new Error("password=x") },
      { error: expect.objectContaining({ name: "Error", message: `password=${MASK}` }) },
    ],
  ])("reads %s", (_name, value, expected) => {
    expect(redacted(value)).toEqual(expected);
  });

  it("reads each member once: a getter cannot show one value and give another", () => {
    let reads = 0;
    const value = {
      get a(): string {
        return reads++ === 0 ? "innocent" : "postgres://u:p@h";
      },
    };
    expect(redacted(value)).toEqual({ a: "innocent" });
  });

  it("reads what can be read if getters, proxies and toJSON throw", () => {
    const fail = (): never => {
      throw new Error("hunter2");
    };
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const value = {
      get a(): string {
        return fail();
      },
      b: new Proxy({}, { ownKeys: fail }),
      c: { toJSON: fail },
      d: revoked,
      e: 1,
    };
    expect(redacted(value)).toEqual({
      a: "[Unreadable]",
      b: "[Unreadable]",
      c: "[Unreadable]",
      d: "[Unreadable]",
      e: 1,
    });
  });

  it("sees through a proxy", () => {
    expect(redacted(new Proxy({ password: "x", list: [1] }, {}))).toEqual({
      password: MASK,
      list: [1],
    });
  });

  it("cuts a cycle where it closes, and shows a shared value twice", () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { x: shared, y: shared };
    value.self = [value];
    expect(redacted(value)).toEqual({ x: { a: 1 }, y: { a: 1 }, self: ["[Circular]"] });
  });

  it("bears any depth, and gives what JSON can still write", () => {
    let value: unknown = { password: "hunter2" };
    for (let depth = 0; depth < 10_000; depth++) value = depth % 2 === 0 ? { a: value } : [value];
    const json = JSON.stringify(redacted(value));
    expect(json).toContain("[Nested too deeply]");
    expect(json).not.toContain("hunter2");
  });

  it("bears a million keys", () => {
    const value = Object.fromEntries(
      Array.from({ length: 1_000_000 }, (_, index) => [`k${index}`, index]),
    );
    expect(Object.keys(redacted(value) as object)).toHaveLength(1_000_000);
  });

  it("refuses an object that doubles at every level rather than fill the memory", () => {
    let value: unknown = "x";
    for (let level = 0; level < 40; level++) value = [value, value];
    expect(() => redacted(value)).toThrow("could not be redacted");
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "keeps an own key %s as data",
    (key) => {
      const value = redacted(JSON.parse(`{"${key}":{"password":"x","polluted":1}}`)) as Record<
        string,
        unknown
      >;
      expect(Object.keys(value)).toEqual([key]);
      expect(JSON.stringify(value)).toBe(`{"${key}":{"password":"${MASK}","polluted":1}}`);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );
});
