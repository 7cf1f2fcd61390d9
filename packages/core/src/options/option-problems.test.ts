import { describe, expect, it } from "vitest";
import {
  delayProblems,
  givenOptions,
  nameProblems,
  numberProblems,
  refuseProblems,
  shapeProblems,
} from "./option-problems.js";

describe("the problems of options", () => {
  it("tell of every name that is unknown, and of the one that was meant", () => {
    expect(nameProblems("createX", { timeoutMz: 1, color: 2 }, ["timeoutMs", "clock"])).toEqual([
      'createX knows no option "timeoutMz". Did you mean "timeoutMs"?',
      'createX knows no option "color". It takes timeoutMs, clock.',
    ]);
    expect(nameProblems("createX", { clock: undefined }, ["clock"])).toEqual([]);
  });

  it.each([[undefined], [null], [7], ["x"], [[]]])("tell that %j is no options", (options) => {
    expect(nameProblems("createX", options, ["clock"])).toEqual([
      "createX takes an object: clock.",
    ]);
    expect(givenOptions(options)).toEqual({});
  });

  it.each([[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1.5], ["5"], [null], [2 ** 31]])(
    "tell that a timer cannot take %j",
    (value) => {
      expect(delayProblems("timeoutMs", value)).toEqual([
        "timeoutMs must be a whole number from 1 to 2147483647.",
      ]);
    },
  );

  it("find none where a number is right, or absent", () => {
    expect([
      ...delayProblems("timeoutMs", undefined),
      ...delayProblems("timeoutMs", 1),
      ...numberProblems("rate", 0.5, { least: 0, most: 1, whole: false }),
    ]).toEqual([]);
  });

  it("tell what a value must be that lacks a function", () => {
    expect(
      shapeProblems({ has: () => true }, ["has", "names"], "handlers must have has() and names()."),
    ).toEqual(["handlers must have has() and names()."]);
  });

  it("are refused all at once, and none is no error", () => {
    expect(() => refuseProblems(["One.", "Two."])).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS", message: "One. Two." }),
    );
    expect(() => refuseProblems([])).not.toThrow();
  });
});
