import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createWorkerHarness, type WorkerHarness } from "../testing/worker-harness.js";
import {
  type DeadLetterClient,
  readDeadLetters,
  type DeadLetterSummary,
} from "./read-dead-letters.js";

const messageCount = 250;
const longMessage = 100_000;

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  await harness.query("select pgmq.create('payments_dead_letter')");
  await harness.query(
    `select pgmq.send('payments_dead_letter', jsonb_build_object('message', jsonb_build_object('step_id', n, 'input', repeat('x', ${longMessage})), 'reason', jsonb_build_object('code', 'x', 'message', repeat('y', ${longMessage}))))
       from generate_series(1, ${messageCount}) as n`,
  );
});
afterAll(() => harness.close());

/** Reads all dead letters, and records the size of each result. */
async function readAll(isWhole: boolean): Promise<{
  readonly read: DeadLetterSummary[];
  readonly rows: number[];
  readonly lengths: number[];
}> {
  const connection = new pg.Client({ connectionString: harness.database.url });
  onTestFinished(() => connection.end());
  await connection.connect();
  await connection.query("begin");
  const answers: unknown[][] = [];
  const client: DeadLetterClient = {
    async query(text, values) {
      const { rows } = await connection.query<Record<string, unknown>>(text, values);
      answers.push(rows);
      return { rows };
    },
  };
  const read: DeadLetterSummary[] = [];
  for await (const deadLetter of readDeadLetters(
    client,
    { namespace: "payments", ids: null, code: "x", limit: null },
    { isWhole },
  ))
    read.push(deadLetter);
  return {
    read,
    rows: answers.map((rows) => rows.length),
    lengths: answers.map((rows) => JSON.stringify(rows).length),
  };
}

it("dead letters are read in batches, without their messages and with no more text than is shown", async () => {
  const { read, rows, lengths } = await readAll(false);
  expect(read.map(({ msg_id }) => Number(msg_id))).toEqual(
    Array.from({ length: messageCount }, (_, index) => index + 1),
  );
  expect(read[0]).toMatchObject({
    step_id: "1",
    code: "x",
    reason: "y".repeat(2_000),
    message_json: null,
  });
  expect(Math.max(...rows)).toBe(100);
  expect(Math.max(...lengths)).toBeLessThan(100 * 2_500);
});

it("whole messages are read one by one: each can be as large as the database allows", async () => {
  const { read, rows } = await readAll(true);
  expect(read).toHaveLength(messageCount);
  expect(read[0]?.message_json).toContain("x".repeat(longMessage));
  expect(Math.max(...rows)).toBe(1);
});
