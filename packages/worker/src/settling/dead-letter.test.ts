import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDeadLetterMetadata, toFailureReason } from "./dead-letter.js";
import { claimedMessage } from "../testing/claimed-message.js";

const claim = claimedMessage({
  messageId: "9007199254740993",
  readCount: 3,
  ageMs: 5,
  body: { step_id: "s" },
});

const notStorable = /\p{Surrogate}|\0/u;

describe("toFailureReason", () => {
  it("keeps an error's code and message", () => {
    expect(toFailureReason(Object.assign(new Error("No funds."), { code: "no_funds" }))).toEqual({
      code: "no_funds",
      message: "No funds.",
    });
  });

  it.each([
    ["no code", new Error("x")],
    ["a code that is a sentence", Object.assign(new Error("x"), { code: "it did not work" })],
    ["a number for a code", Object.assign(new Error("x"), { code: 20 })],
    ["a code of a thousand characters", Object.assign(new Error("x"), { code: "a".repeat(1_000) })],
  ])("says step_failed for an error with %s", (_what, error) => {
    expect(toFailureReason(error).code).toBe("step_failed");
  });

  it.each([
    [
      "an error and its cause",
      new Error("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") }),
      "fetch failed: connect ECONNREFUSED 127.0.0.1:1",
    ],
    [
      "errors that were gathered without a message",
      new AggregateError([new Error("no funds"), new Error("no stock")]),
      "no funds; no stock",
    ],
    [
      "errors that were gathered",
      new AggregateError([new Error("no funds"), "no stock"], "All shops refused"),
      "All shops refused: no funds; no stock",
    ],
    [
      "a cause that its error quotes, once",
      new Error("charging: no funds", { cause: new Error("no funds") }),
      "charging: no funds",
    ],
    ["causes of causes, within reason", chainOf(20_000), "cause 1: cause 2; cause 3; cause 4"],
    ["a circle", circle(), "round"],
    [
      "what a getter that throws leaves",
      Object.defineProperty(new Error("own"), "cause", { get: () => failing() }),
      "own",
    ],
  ])("says what lies behind: %s", (_what, error, message) => {
    expect(toFailureReason(error).message).toBe(message);
  });

  it("masks the secrets of causes", () => {
    const error = new Error("fetch failed", {
      cause: new AggregateError([new Error("no way to redis://:hunter2@cache")]),
    });
    expect(toFailureReason(error).message).toBe(
      "fetch failed: no way to redis://***REDACTED***@cache",
    );
  });

  it("masks secrets at the very end of the kept text too", () => {
    const url = "postgres://app:Zk93jf0aQ7@db.internal/shop";
    const longMessage = `${"x ".repeat(990)}${url}`;
    for (const message of [`cannot connect to ${url}`, longMessage]) {
      expect(toFailureReason(new Error(message)).message).not.toContain("Zk93");
    }
  });

  it("cuts a long message to 2000 characters, the last of which says so", () => {
    expect(toFailureReason(new Error("y".repeat(1_000_000))).message).toBe(`${"y".repeat(1_999)}…`);
    expect(toFailureReason(new Error("y".repeat(2_000))).message).toBe("y".repeat(2_000));
  });

  it("has no NUL and no lone surrogate, which jsonb would refuse, also when the cut splits a pair", () => {
    expect(toFailureReason(new Error("a\0b\uD800c\uDC00")).message).toBe("a\uFFFDb\uFFFDc\uFFFD");
    expect(toFailureReason(new Error(`${"z".repeat(1_998)}😀😀`)).message).not.toMatch(notStorable);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (message) => {
        const kept = toFailureReason(new Error(message)).message;
        expect(kept).not.toMatch(notStorable);
      }),
    );
  });

  it.each([
    ["undefined", undefined],
    ["an object without a message", {}],
    ["a message that is no text", { message: { password: "x" } }],
    [
      "getters that throw",
      Object.defineProperties(new Error("x"), {
        message: { get: () => failing() },
        code: { get: () => failing() },
      }),
    ],
  ])("never throws: %s", (_what, thrown) => {
    expect(toFailureReason(thrown)).toEqual({ code: "step_failed", message: "The step failed." });
  });
});

function chainOf(length: number): Error {
  let error = new Error(`cause ${length}`);
  for (let number = length - 1; number > 0; number -= 1)
    error = new Error(`cause ${number}`, { cause: error });
  return error;
}

function circle(): Error {
  const error = new Error("round");
  error.cause = error;
  return error;
}

function failing(): never {
  throw new Error("hostile");
}

it("the metadata of a dead letter say which message it was, why, and who gave it up; never the message itself", () => {
  const metadata = toDeadLetterMetadata(
    claim,
    { code: "step_failed", message: "No funds." },
    { workerId: "w\0-1", at: "2025-01-01T00:00:00.000Z" },
  );
  expect(metadata).toEqual({
    reason: { code: "step_failed", message: "No funds." },
    queue_name: "payments_queue",
    msg_id: "9007199254740993",
    attempts: 3,
    worker_id: "w\uFFFD-1",
    dead_lettered_at: "2025-01-01T00:00:00.000Z",
  });
});
