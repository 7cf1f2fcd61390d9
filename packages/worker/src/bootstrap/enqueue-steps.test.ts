import { describe, expect, it } from "vitest";
import { readEnqueueArguments } from "./enqueue-steps.js";

const step = {
  stepId: "s-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  stepName: "charge",
};

describe("the arguments of enqueue", () => {
  const transaction = { query: () => Promise.resolve() };

  it("are steps, or a list of steps and options", () => {
    expect(readEnqueueArguments([step, step])).toEqual({ steps: [step, step] });
    expect(readEnqueueArguments([[step]])).toEqual({ steps: [step] });
    expect(readEnqueueArguments([[step], { transaction }])).toEqual({ steps: [step], transaction });
  });

  it.each([
    [
      { transaktion: transaction },
      'Unknown option "transaktion" of enqueue. Did you mean "transaction"?',
    ],
    [
      { transaction: {} },
      "transaction must be a client whose transaction is open: a pg Client, what your library hands to its transactions, or { query: async (text, values) => rows } around any other, not an object.",
    ],
    [
      { transaction: null },
      "transaction must be a client whose transaction is open: a pg Client, what your library hands to its transactions, or { query: async (text, values) => rows } around any other, not null.",
    ],
    [null, "enqueue takes an object with the options transaction, not null."],
  ])("are refused if the options are %o", (options, problem) => {
    expect(() => readEnqueueArguments([[step], options])).toThrow(problem);
  });
});
