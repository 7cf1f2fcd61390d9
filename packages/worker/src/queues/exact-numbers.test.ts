import { afterEach, beforeEach, expect, it } from "vitest";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type WorkerHarness,
} from "../testing/worker-harness.js";

let harness: WorkerHarness;
beforeEach(async () => (harness = await createWorkerHarness()));
afterEach(() => harness.close());

/** A message as a producer in another language writes it. */
const messageWith = (input: string): string =>
  JSON.stringify(messageOf("plain")).replace('"input":null', `"input":${input}`);

it.each(["9007199254740993", "1e400", "0.1234567890123456789", "-12345678901234567890"])(
  "a step whose input contains %s never runs with another number: it is a dead letter that names the place and keeps the digits",
  async (literal) => {
    const inputs: unknown[] = [];
    await harness.start({ handlers: { Test: async (input) => void inputs.push(input) } });
    const message = messageWith(`{"order":{"id":${literal}}}`);
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [message]);
    await eventually(
      "the dead letters",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    expect(inputs).toEqual([]);
    expect((await harness.deadLetters())[0]).toMatchObject({
      reason: {
        code: "inexact_number",
        message:
          "JavaScript cannot represent the number at input.order.id exactly: send it as a string.",
      },
      attempts: 1,
    });
    expect(
      await harness.query(
        "select message->'message' = $1::jsonb as same from pgmq.q_payments_dead_letter",
        [message],
      ),
    ).toEqual([{ same: true }]);
  },
);

it("a step runs with the numbers that its sender sent", async () => {
  const inputs: unknown[] = [];
  await harness.start({ handlers: { Test: async (input) => void inputs.push(input) } });
  const input = '{"a":9007199254740992,"b":0.1,"c":1e22,"d":"12345678901234567890","e":-1.50}';
  await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [messageWith(input)]);
  await eventually("the run", async () => (await harness.count("a_payments_queue")) === 1);
  expect(inputs).toEqual([
    { a: 9_007_199_254_740_992, b: 0.1, c: 1e22, d: "12345678901234567890", e: -1.5 },
  ]);
});
