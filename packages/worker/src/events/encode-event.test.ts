import { describe, expect, it } from "vitest";
import type { DomainEvent } from "./domain-event.js";
import { encodeEvent } from "./encode-event.js";

const eventOf = (payload: unknown): DomainEvent => ({
  event_id: "1",
  event_name: "payment.done",
  payload,
  metadata: {
    step_id: "s",
    step_name: "charge",
    template: { namespace: "payments", name: "card", version: "1.0.0" },
    attempt: 1,
    worker_id: "w",
    fired_at: "2026-01-01T00:00:00.000Z",
  },
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe("an event as JSON", () => {
  it.each([
    ["an object", { amount: 5 }],
    ["null", null],
    ["a text that looks like an escape", "\\u0000 and \\\\ud800 and \\"],
    ["a text of whole surrogate pairs", "😀 déclinée 拒绝"],
    ["a control character that JSON escapes", "\u0001\u001f\u2028"],
    ["a list a hundred deep", nested(100)],
  ])("is what it was: %s", (_what, payload) => {
    expect(JSON.parse(encodeEvent(eventOf(payload)))).toEqual(eventOf(payload));
  });

  it.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
  ])("has null for a payload that is no JSON: %s", (_what, payload) => {
    expect(JSON.parse(encodeEvent(eventOf(payload)))).toEqual(eventOf(null));
  });

  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  it.each([
    ["a BigInt", { amount: 10n }],
    ["a circle", circle],
    ["a toJSON that throws", { toJSON: () => failing() }],
    ["a getter that throws", Object.defineProperty({}, "x", { get: failing, enumerable: true })],
    ["a list too deep", nested(100_000)],
  ])("is refused if it cannot be written: %s", (_what, payload) => {
    expect(() => encodeEvent(eventOf(payload))).toThrow(/cannot be written as JSON/);
  });

  it.each([
    ["NUL", "a\0b"],
    ["NUL after a backslash", "\\\0"],
    ["NUL in a key", { "a\0": 1 }],
    ["the first half of a pair", "a\ud800"],
    ["the second half of a pair", ["\udfff"]],
    ["halves in the wrong order", "\udc00\ud800"],
  ])("is refused where jsonb refuses it: %s", (_what, payload) => {
    expect(() => encodeEvent(eventOf(payload))).toThrow(/U\+0000 or a lone surrogate/);
  });

  it("is refused when it is larger than 16 MiB", () => {
    expect(() => encodeEvent(eventOf("x".repeat(16 * 2 ** 20)))).toThrow(/publish a reference/);
    expect(encodeEvent(eventOf("x".repeat(16 * 2 ** 20 - 2)))).toContain("xxx");
  });
});

function failing(): never {
  throw new Error("hostile");
}
