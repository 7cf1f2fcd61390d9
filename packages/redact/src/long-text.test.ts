import fc from "fast-check";
import { opaqueSecret, secretKinds } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "./index.js";

const length = 5_000_000;
const long = "x".repeat(length);
const mark = /… \[cut, \d+ characters in all\]$/;
const { redact, text, error } = createRedactor();

/** A text with a secret somewhere around the place where it is cut. */
const aroundTheCut = fc
  .tuple(fc.oneof(...Object.values(secretKinds)), fc.integer({ min: -200, max: 20 }))
  .map(([{ secret, text: secretText }, offset]) => ({
    secret,
    message: `${"lorem ".repeat(20_000).slice(0, 65_536 + offset)} ${secretText} ${"ipsum ".repeat(1_000)}`,
  }));

describe("a text of megabytes", () => {
  it("is cut as a message, and says so and how long it was", () => {
    expect(text(long)).toMatch(/^x+… \[cut, 5000000 characters in all\]$/);
    expect(text(long).length).toBeLessThan(65_536);
  });

  it("is cut as the message and the stack of an error, of its causes, and as what they contain", () => {
    const thrown = new Error(long, {
      cause: new AggregateError([new Error(long), long], "both", { cause: { body: long } }),
    });
    expect(error(thrown)).toMatchObject({
      message: expect.stringMatching(mark),
      stack: expect.stringMatching(mark),
      cause: {
        errors: [{ message: expect.stringMatching(mark) }, expect.stringMatching(mark)],
        cause: { body: expect.stringMatching(mark) },
      },
    });
    expect(error(long).message).toMatch(mark);
  });

  it.each([0, 1])("is cut between characters, never inside one, from place %i on", (start) => {
    const emoji = "x".repeat(start) + "😀".repeat(length / 2);
    expect(text(emoji)).not.toMatch(/\p{Surrogate}/u);
    expect(error(new Error(emoji)).message).not.toMatch(/\p{Surrogate}/u);
  });

  it("stays whole in data, unless it is for a log", () => {
    expect(redact({ note: long }).value).toEqual({ note: long });
    expect(redact({ note: long }, { cut: true }).value).toEqual({
      note: expect.stringMatching(mark),
    });
  });

  it("is only the mask if it is a secret", () => {
    expect(redact({ password: long }, { cut: true }).value).toEqual({ password: MASK });
  });

  it("is cut once, however often it passes through", () => {
    expect(text(text(long))).toBe(text(long));
  });

  it("is cut even if masks make it longer", () => {
    expect(text("token=ab1 ".repeat(100_000)).length).toBeLessThan(65_536);
  });
});

describe("a secret that lies across the cut", () => {
  it("does not survive, not even in part", () => {
    fc.assert(
      fc.property(aroundTheCut, ({ secret, message }) => {
        const half = secret.slice(0, 8);
        expect(text(message)).not.toContain(half);
        expect(
          JSON.stringify([error(new Error(message)), redact({ note: message }, { cut: true })]),
        ).not.toContain(half);
      }),
      { numRuns: 60 },
    );
  });

  it("is masked even if only the redactor knows it", () => {
    fc.assert(
      fc.property(opaqueSecret, fc.integer({ min: 1, max: 17 }), (secret, before) => {
        const knowing = createRedactor({ secrets: [secret] });
        expect(knowing.text(`${"y".repeat(65_536 - before)}${secret}${long}`)).toMatch(
          /^y+… \[cut/,
        );
      }),
    );
  });
});
