import { readFile } from "node:fs/promises";
import { createTestDatabase } from "@tasker-observability/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  createWorkerBench,
  eventually,
  messageOf,
  stepNamed,
  testConfig,
  type WorkerBench,
} from "../testing/test-worker.js";
import { runDeadLetters } from "./run-dead-letters.js";

let bench: WorkerBench;
beforeAll(async () => (bench = await createWorkerBench()));
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await bench.query(
    "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter', 'orders_queue', 'orders_dead_letter']) as name",
  );
});

const discard = { print: () => Promise.resolve(), note: () => Promise.resolve() };
const thereAreMore = "… there are more: --limit <n> says how many are shown";

/** The lines that the command prints. */
async function run(...args: string[]): Promise<string[]> {
  return (await runWithNotes(...args)).lines;
}

/** What goes to either output. */
async function runWithNotes(
  ...args: string[]
): Promise<{ readonly lines: string[]; readonly notes: string[] }> {
  const lines: string[] = [];
  const notes: string[] = [];
  const into =
    (written: string[]) =>
    (line: string): Promise<void> =>
      Promise.resolve(void written.push(line));
  await runDeadLetters(args, { print: into(lines), note: into(notes) }, () =>
    testConfig({ url: bench.database.url, templates: bench.templates }),
  );
  return { lines, notes };
}

async function addDeadLetter(
  code: string,
  message: unknown = messageOf("plain"),
  queue = "payments_dead_letter",
): Promise<string> {
  const letter = {
    message,
    reason: { code, message: `because of ${code}` },
    queue_name: "payments_queue",
    msg_id: "1",
    attempts: 3,
    worker_id: "w",
    dead_lettered_at: "2025-01-01T00:00:00.000Z",
  };
  const [sent] = await bench.query<{ id: string }>("select pgmq.send($1, $2::jsonb)::text as id", [
    queue,
    JSON.stringify(letter),
  ]);
  return sent!.id;
}

const isEmpty = async (table: string): Promise<boolean> => (await bench.count(table)) === 0;

describe("dead-letters list", () => {
  it("shows the letters of all namespaces, one line each, the oldest first", async () => {
    await addDeadLetter("step_failed", { ...messageOf("plain"), step_id: "s-1" });
    await addDeadLetter("step_timeout", { ...messageOf("plain"), step_id: "s-2" });
    await addDeadLetter("unreadable_message", null, "orders_dead_letter");
    expect(await run("list")).toEqual([
      "orders 1 2025-01-01T00:00:00.000Z attempts=3 - - unreadable_message: because of unreadable_message",
      "payments 1 2025-01-01T00:00:00.000Z attempts=3 refund/plain s-1 step_failed: because of step_failed",
      "payments 2 2025-01-01T00:00:00.000Z attempts=3 refund/plain s-2 step_timeout: because of step_timeout",
    ]);
  });

  it("shows no more than it is asked for", async () => {
    for (let letter = 0; letter < 3; letter += 1) await addDeadLetter("step_failed");
    expect(await run("list", "--namespace", "payments", "--limit", "2")).toEqual([
      expect.stringMatching(/^payments 1 /),
      expect.stringMatching(/^payments 2 /),
      thereAreMore,
    ]);
    expect(await run("list", "--namespace", "payments", "--limit", "3")).toHaveLength(3);
    expect(await run("list", "--code", "step_timeout")).toEqual([]);
  });

  it("shows no more than it is asked for of all namespaces together", async () => {
    await addDeadLetter("step_failed", messageOf("plain"), "orders_dead_letter");
    for (let letter = 0; letter < 2; letter += 1) await addDeadLetter("step_failed");
    const shown = async (limit: string): Promise<string[]> =>
      (await run("list", "--limit", limit)).map((line) => line.split(" ", 2).join(" "));
    expect([await shown("1"), await shown("2"), await shown("3")]).toEqual([
      ["orders 1", "… there"],
      ["orders 1", "payments 1", "… there"],
      ["orders 1", "payments 1", "payments 2"],
    ]);
  });

  it.each(["abc", 99999999999, 1.5, null, { n: 1 }])(
    "shows all letters though one says %j of its attempts",
    async (attempts) => {
      await bench.query("select pgmq.send('payments_dead_letter', $1::jsonb)", [
        JSON.stringify({ message: {}, attempts }),
      ]);
      await addDeadLetter("step_failed");
      const lines = await run("list");
      expect(lines).toEqual([
        expect.stringContaining("payments 1 - attempts="),
        expect.stringContaining("payments 2 2025-01-01T00:00:00.000Z attempts=3 "),
      ]);
      expect(await run("retry", "--namespace", "payments", "--all", "--dry-run")).toEqual([
        ...lines,
        "2 dead letters of payments would be retried",
      ]);
    },
  );

  it("shows the letters that there are though PGMQ lists a queue whose table is gone", async () => {
    await addDeadLetter("step_failed");
    await bench.query(
      "insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('gone_dead_letter', false, false)",
    );
    onTestFinished(() =>
      bench
        .query("delete from pgmq.meta where queue_name = 'gone_dead_letter'")
        .then(() => undefined),
    );
    expect(await run("list")).toEqual([expect.stringContaining("payments 1 ")]);
    await expect(run("list", "--namespace", "gone")).rejects.toThrow(
      "There are no dead letters' queue and steps' queue of the namespace gone in this database.",
    );
  });

  it("keeps to one line, and gives no orders to the terminal, whatever a message says", async () => {
    const step_id = "a\nb\u001b[2Jc\u2028d\u009b2Je\u202ef\u2066g\ufeffh\u{e0041}i";
    await addDeadLetter("step_failed", { step_id });
    const [line] = await run("list");
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const [json] = await run("list", "--json");
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(json!)).toMatchObject({ letter: { message: { step_id } } });
  });

  it("with --json prints letters only, and tells beside them that there are more", async () => {
    for (let letter = 0; letter < 2; letter += 1) await addDeadLetter("step_failed");
    const { lines, notes } = await runWithNotes("list", "--limit", "1", "--json");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ namespace: "payments", msg_id: "1" }),
    ]);
    expect(notes).toEqual([thereAreMore]);
  });

  it("with --json tells everything, numbers to the last digit", async () => {
    await bench.query(
      `select pgmq.send('payments_dead_letter', '{"message": {"n": 12345678901234567890.5}, "reason": {"code": "x"}}'::jsonb)`,
    );
    const [line] = await run("list", "--json");
    expect(line).toContain("12345678901234567890.5");
    expect(JSON.parse(line!)).toMatchObject({
      namespace: "payments",
      msg_id: "1",
      letter: { reason: { code: "x" } },
    });
  });
});

describe("dead-letters retry", () => {
  it("puts the messages back as they were, and a worker runs them with their attempts counted anew", async () => {
    const attempts: number[] = [];
    let isMended = false;
    const Test = async (
      _input: unknown,
      { step }: { readonly step: { readonly attempt: number } },
    ): Promise<void> => {
      attempts.push(step.attempt);
      if (!isMended) throw new Error("not mended yet");
    };
    const { worker } = await bench.start({ handlers: { Test } });
    await worker.enqueue(stepNamed("plain"));
    await eventually(
      "the dead letter",
      async () => (await bench.count("q_payments_dead_letter")) === 1,
    );
    isMended = true;
    expect(await run("retry", "--namespace", "payments", "--all")).toEqual([
      "1 dead letter of payments retried",
    ]);
    await eventually("the run", () => attempts.length === 4);
    expect(attempts).toEqual([1, 2, 3, 1]);
    expect([
      await bench.count("q_payments_dead_letter"),
      await bench.count("a_payments_dead_letter"),
    ]).toEqual([0, 1]);
  });

  it("takes the chosen ones only", async () => {
    const ids = [
      await addDeadLetter("step_failed"),
      await addDeadLetter("step_timeout"),
      await addDeadLetter("step_failed"),
    ];
    await run("retry", "--namespace", "payments", "--id", ids[0]!);
    await run("retry", "--namespace", "payments", "--code", "step_timeout");
    expect(await bench.query("select msg_id::text as id from pgmq.q_payments_dead_letter")).toEqual(
      [{ id: ids[2] }],
    );
    expect(await bench.count("q_payments_queue")).toBe(2);
  });

  it("keeps every digit of a message", async () => {
    await bench.query(
      `select pgmq.send('payments_dead_letter', '{"message": {"n": 12345678901234567890.5}, "reason": {"code": "x"}}'::jsonb)`,
    );
    await run("retry", "--namespace", "payments", "--all");
    expect(await bench.query("select message::text as text from pgmq.q_payments_queue")).toEqual([
      { text: '{"n": 12345678901234567890.5}' },
    ]);
  });

  it.each(['{"note": 1}', "{}", '["message"]', '"message"', "null"])(
    "leaves alone what is no dead letter: %s",
    async (letter) => {
      await bench.query("select pgmq.send('payments_dead_letter', $1::jsonb)", [letter]);
      expect(await run("retry", "--namespace", "payments", "--all")).toEqual([
        "0 dead letters of payments retried",
      ]);
      expect(await run("purge", "--namespace", "payments", "--all")).toEqual([
        "0 dead letters of payments purged",
      ]);
      expect([
        await bench.count("q_payments_dead_letter"),
        await bench.count("q_payments_queue"),
      ]).toEqual([1, 0]);
    },
  );

  it("sends each message once though two people retry at once", async () => {
    for (let letter = 0; letter < 50; letter += 1) await addDeadLetter("step_failed");
    await Promise.all([
      run("retry", "--namespace", "payments", "--all"),
      run("retry", "--namespace", "payments", "--all"),
    ]);
    expect([
      await bench.count("q_payments_queue"),
      await isEmpty("q_payments_dead_letter"),
    ]).toEqual([50, true]);
  });

  it("changes nothing where the queue to send to is not there", async () => {
    await addDeadLetter("step_failed", messageOf("plain"), "orders_dead_letter");
    await bench.query("select pgmq.drop_queue('orders_queue')");
    await expect(run("retry", "--namespace", "orders", "--all")).rejects.toThrow(
      "There are no dead letters' queue and steps' queue of the namespace orders",
    );
    expect(await bench.count("q_orders_dead_letter")).toBe(1);
  });
});

describe("dead-letters purge", () => {
  it("deletes the chosen ones for good", async () => {
    const ids = [await addDeadLetter("step_failed"), await addDeadLetter("step_failed")];
    expect(await run("purge", "--namespace", "payments", "--id", ids[0]!)).toEqual([
      "1 dead letter of payments purged",
    ]);
    expect([
      await bench.count("q_payments_dead_letter"),
      await bench.count("a_payments_dead_letter"),
      await bench.count("q_payments_queue"),
    ]).toEqual([1, 0, 0]);
  });
});

it.each(["retry", "purge"])(
  "dead-letters %s --dry-run says what it would do, and does nothing",
  async (action) => {
    await addDeadLetter("step_failed");
    const lines = await run(action, "--namespace", "payments", "--all", "--dry-run");
    expect(lines.at(-1)).toBe(
      `1 dead letter of payments would be ${action === "retry" ? "retried" : "purged"}`,
    );
    expect(lines).toHaveLength(2);
    expect([
      await bench.count("q_payments_dead_letter"),
      await bench.count("q_payments_queue"),
    ]).toEqual([1, 0]);
  },
);

it.each([
  ["retry", true],
  ["retry", false],
  ["purge", false],
])(
  "dead-letters %s --json prints nothing but objects, with a dry run: %j",
  async (action, dryRun) => {
    await addDeadLetter("step_failed");
    const lines = await run(
      action,
      "--namespace",
      "payments",
      "--all",
      "--json",
      ...(dryRun ? ["--dry-run"] : []),
    );
    const objects = lines.map((line) => JSON.parse(line) as unknown);
    expect(objects).toEqual([
      ...(dryRun ? [expect.objectContaining({ msg_id: "1" })] : []),
      { namespace: "payments", action, dry_run: dryRun, count: 1 },
    ]);
  },
);

it("the commands on the page for operators do what it says, one after the other", async () => {
  const page = await readFile(new URL("../../../../docs/operations.md", import.meta.url), "utf8");
  const commands = [...page.matchAll(/^tasker-worker dead-letters (.*)$/gm)].map(
    (match) => match[1] ?? "",
  );
  for (let letter = 0; letter < 2; letter += 1)
    await addDeadLetter("step_timeout", { step_id: "s" }, "orders_dead_letter");
  const last: unknown[] = [];
  for (const command of commands) last.push((await run(...command.split(" "))).at(-1));
  expect(last).toEqual([
    "orders 2 2025-01-01T00:00:00.000Z attempts=3 - s step_timeout: because of step_timeout",
    expect.stringMatching(/^\{"namespace":"orders","msg_id":"2",/),
    "1 dead letter of orders would be retried",
    "2 dead letters of orders retried",
    "0 dead letters of orders retried",
    "0 dead letters of orders would be purged",
  ]);
});

describe("dead-letters, where it cannot work,", () => {
  it("says that an embedded database is nobody's to ask", async () => {
    const embedded = (): ReturnType<typeof testConfig> =>
      testConfig({ url: "", templates: bench.templates });
    await expect(runDeadLetters(["list"], discard, embedded)).rejects.toThrow(
      "There is no database to ask: set common.database.url (DATABASE_URL).",
    );
  });

  it("says that there are no queues only where there are none", async () => {
    const bare = await createTestDatabase();
    onTestFinished(() => bare.drop());
    const config = (): ReturnType<typeof testConfig> =>
      testConfig({ url: bare.url, templates: bench.templates });
    for (const args of [
      ["list"],
      ["list", "--namespace", "payments"],
      ["retry", "--namespace", "payments", "--all"],
    ]) {
      await expect(runDeadLetters(args, discard, config)).rejects.toThrow(
        "This database has no PGMQ queues.",
      );
    }
  });

  it("says what kind of failure it met, and names no host", async () => {
    const unreachable = (): ReturnType<typeof testConfig> =>
      testConfig({ url: "postgres://u:p@127.0.0.1:1/x", templates: bench.templates });
    await expect(runDeadLetters(["list"], discard, unreachable)).rejects.toThrow(
      /^The dead letters could not be reached: connection_refused\. Nothing was changed\.$/,
    );
  });
});
