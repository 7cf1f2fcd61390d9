import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "./secret.js";

describe("Secret", () => {
  const secret = new Secret("hunter2");

  it("returns its value only by name", () => {
    expect(secret.reveal()).toBe("hunter2");
  });

  it.each([
    ["printed", () => String(secret)],
    ["concatenated", () => `${secret.toString()} ${[secret].join("")}`],
    ["serialized", () => JSON.stringify({ secret })],
    ["inspected", () => inspect({ secret }, { showHidden: true, depth: null, getters: true })],
    [
      "inspected without its own method",
      () => inspect(secret, { customInspect: false, showHidden: true }),
    ],
    ["copied", () => inspect(Object.assign({}, secret)) + JSON.stringify(Object.entries(secret))],
    ["cloned", () => inspect(structuredClone({ secret }), { showHidden: true })],
  ])("is not seen when it is %s", (_how, show) => {
    expect(show()).not.toContain("hunter2");
  });

  it("shows that there is none", () => {
    expect([new Secret("").empty, new Secret("").toString(), secret.empty]).toEqual([
      true,
      "",
      false,
    ]);
  });
});
