import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createWorkerBench, type WorkerBench } from "../testing/test-worker.js";
import { type DeadLetterClient, readDeadLetters, type DeadLetterRow } from "./read-dead-letters.js";

const letters = 250;
const longMessage = 100_000;

let bench: WorkerBench;
beforeAll(async () => {
  bench = await createWorkerBench();
  await bench.query("select pgmq.create('payments_dead_letter')");
  await bench.query(
    `select pgmq.send('payments_dead_letter', jsonb_build_object('message', jsonb_build_object('step_id', n, 'input', repeat('x', ${longMessage})), 'reason', jsonb_build_object('code', 'x', 'message', repeat('y', ${longMessage}))))
       from generate_series(1, ${letters}) as n`,
  );
});
afterAll(() => bench.close());

/** Reads all letters, and notes how much each answer of the database held. */
async function readAll(isWhole: boolean): Promise<{
  readonly read: DeadLetterRow[];
  readonly rows: number[];
  readonly lengths: number[];
}> {
  const connection = new pg.Client({ connectionString: bench.database.url });
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
  const read: DeadLetterRow[] = [];
  for await (const letter of readDeadLetters(
    client,
    { namespace: "payments", ids: null, code: "x", limit: null },
    { isWhole },
  ))
    read.push(letter);
  return {
    read,
    rows: answers.map((rows) => rows.length),
    lengths: answers.map((rows) => JSON.stringify(rows).length),
  };
}

it("letters are read in portions, without their messages and with no more of their texts than is shown", async () => {
  const { read, rows, lengths } = await readAll(false);
  expect(read.map(({ msg_id }) => Number(msg_id))).toEqual(
    Array.from({ length: letters }, (_, index) => index + 1),
  );
  expect(read[0]).toMatchObject({ step_id: "1", code: "x", reason: "y".repeat(2_000), text: null });
  expect(Math.max(...rows)).toBe(100);
  expect(Math.max(...lengths)).toBeLessThan(100 * 2_500);
});

it("whole letters are read one at a time: each can be as large as the database takes", async () => {
  const { read, rows } = await readAll(true);
  expect(read).toHaveLength(letters);
  expect(read[0]?.text).toContain("x".repeat(longMessage));
  expect(Math.max(...rows)).toBe(1);
});
