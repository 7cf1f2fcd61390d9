import { readFile } from "node:fs/promises";
import { createTestDatabase } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { DeadLetterFixture } from "../testing/dead-letter-fixture.js";
import { eventually, messageOf, stepNamed, testConfig } from "../testing/worker-harness.js";
import { runDeadLetters } from "./run-dead-letters.js";

const deadLetters = new DeadLetterFixture(["payments", "orders"]);
const discard = { print: () => Promise.resolve(), note: () => Promise.resolve() };

describe("dead-letters retry", () => {
  it("puts the messages back unchanged, and a worker runs them with attempts counted from 1", async () => {
    const attempts: number[] = [];
    let isFixed = false;
    const Test = async (
      _input: unknown,
      { step }: { readonly step: { readonly attempt: number } },
    ): Promise<void> => {
      attempts.push(step.attempt);
      if (!isFixed) throw new Error("not fixed yet");
    };
    const { worker } = await deadLetters.harness.start({ handlers: { Test } });
    await worker.enqueue(stepNamed("plain"));
    await eventually(
      "the dead letter",
      async () => (await deadLetters.harness.count("q_payments_dead_letter")) === 1,
    );
    isFixed = true;
    expect(await deadLetters.run("retry", "--namespace", "payments", "--all")).toEqual([
      "1 dead letter of payments retried",
    ]);
    await eventually("the run", () => attempts.length === 4);
    expect(attempts).toEqual([1, 2, 3, 1]);
    expect([
      await deadLetters.harness.count("q_payments_dead_letter"),
      await deadLetters.harness.count("a_payments_dead_letter"),
    ]).toEqual([0, 1]);
  });

  it("changes only the chosen dead letters", async () => {
    const ids = [
      await deadLetters.add("step_failed"),
      await deadLetters.add("step_timeout"),
      await deadLetters.add("step_failed"),
    ];
    await deadLetters.run("retry", "--namespace", "payments", "--id", ids[0]!);
    await deadLetters.run("retry", "--namespace", "payments", "--code", "step_timeout");
    expect(
      await deadLetters.harness.query("select msg_id::text as id from pgmq.q_payments_dead_letter"),
    ).toEqual([{ id: ids[2] }]);
    expect(await deadLetters.harness.count("q_payments_queue")).toBe(2);
  });

  it("keeps every digit of a message", async () => {
    await deadLetters.harness.query(
      `select pgmq.send('payments_dead_letter', '{"message": {"n": 12345678901234567890.5}, "reason": {"code": "x"}}'::jsonb)`,
    );
    await deadLetters.run("retry", "--namespace", "payments", "--all");
    expect(
      await deadLetters.harness.query("select message::text as text from pgmq.q_payments_queue"),
    ).toEqual([{ text: '{"n": 12345678901234567890.5}' }]);
  });

  it.each(['{"note": 1}', "{}", '["message"]', '"message"', "null"])(
    "ignores a message that is not a dead letter: %s",
    async (letter) => {
      await deadLetters.harness.query("select pgmq.send('payments_dead_letter', $1::jsonb)", [
        letter,
      ]);
      expect(await deadLetters.run("retry", "--namespace", "payments", "--all")).toEqual([
        "0 dead letters of payments retried",
      ]);
      expect(await deadLetters.run("purge", "--namespace", "payments", "--all")).toEqual([
        "0 dead letters of payments purged",
      ]);
      expect([
        await deadLetters.harness.count("q_payments_dead_letter"),
        await deadLetters.harness.count("q_payments_queue"),
      ]).toEqual([1, 0]);
    },
  );

  it("sends each message once when two operators retry at the same time", async () => {
    for (let index = 0; index < 50; index += 1) await deadLetters.add("step_failed");
    await Promise.all([
      deadLetters.run("retry", "--namespace", "payments", "--all"),
      deadLetters.run("retry", "--namespace", "payments", "--all"),
    ]);
    expect([
      await deadLetters.harness.count("q_payments_queue"),
      (await deadLetters.harness.count("q_payments_dead_letter")) === 0,
    ]).toEqual([50, true]);
  });

  it("changes nothing if the steps' queue does not exist", async () => {
    await deadLetters.add("step_failed", messageOf("plain"), "orders_dead_letter");
    await deadLetters.harness.query("select pgmq.drop_queue('orders_queue')");
    await expect(deadLetters.run("retry", "--namespace", "orders", "--all")).rejects.toThrow(
      "The namespace orders has no queues in this database",
    );
    expect(await deadLetters.harness.count("q_orders_dead_letter")).toBe(1);
  });
});

describe("dead-letters purge", () => {
  it("deletes the chosen dead letters permanently", async () => {
    const ids = [await deadLetters.add("step_failed"), await deadLetters.add("step_failed")];
    expect(await deadLetters.run("purge", "--namespace", "payments", "--id", ids[0]!)).toEqual([
      "1 dead letter of payments purged",
    ]);
    expect([
      await deadLetters.harness.count("q_payments_dead_letter"),
      await deadLetters.harness.count("a_payments_dead_letter"),
      await deadLetters.harness.count("q_payments_queue"),
    ]).toEqual([1, 0, 0]);
  });
});

it.each(["retry", "purge"])(
  "dead-letters %s --dry-run shows what it would change, and changes nothing",
  async (action) => {
    await deadLetters.add("step_failed");
    const lines = await deadLetters.run(action, "--namespace", "payments", "--all", "--dry-run");
    expect(lines.at(-1)).toBe(`dry run: 1 dead letter of payments to ${action}`);
    expect(lines).toHaveLength(2);
    expect([
      await deadLetters.harness.count("q_payments_dead_letter"),
      await deadLetters.harness.count("q_payments_queue"),
    ]).toEqual([1, 0]);
  },
);

it.each([
  ["retry", true],
  ["retry", false],
  ["purge", false],
])("dead-letters %s --json prints nothing but objects, dry run: %j", async (action, dryRun) => {
  await deadLetters.add("step_failed");
  const lines = await deadLetters.run(
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
});

it("the commands in docs/how-to/dead-letters.md do what it says, one after the other", async () => {
  const page = await readFile(
    new URL("../../../../docs/how-to/dead-letters.md", import.meta.url),
    "utf8",
  );
  const commands = [...page.matchAll(/^tasker-worker dead-letters (.*)$/gm)].map(
    (match) => match[1] ?? "",
  );
  for (let index = 0; index < 2; index += 1)
    await deadLetters.add("step_timeout", { step_id: "s" }, "orders_dead_letter");
  const last: unknown[] = [];
  for (const command of commands) last.push((await deadLetters.run(...command.split(" "))).at(-1));
  expect(last).toEqual([
    "orders 2 2025-01-01T00:00:00.000Z attempts=3 - s step_timeout: because of step_timeout",
    expect.stringMatching(/^\{"namespace":"orders","msg_id":"2",/),
    "dry run: 1 dead letter of orders to retry",
    "2 dead letters of orders retried",
    "0 dead letters of orders retried",
    "dry run: 0 dead letters of orders to purge",
  ]);
});

describe("dead-letters without a usable database", () => {
  it("says that it cannot reach an embedded database", async () => {
    const embedded = (): ReturnType<typeof testConfig> =>
      testConfig({ url: "", templates: deadLetters.harness.templates });
    await expect(runDeadLetters(["list"], discard, embedded)).rejects.toThrow(
      "This command needs a database: set common.database.url (DATABASE_URL).",
    );
  });

  it("says that the database has no queues", async () => {
    const bare = await createTestDatabase();
    onTestFinished(() => bare.drop());
    const config = (): ReturnType<typeof testConfig> =>
      testConfig({ url: bare.url, templates: deadLetters.harness.templates });
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

  it("names the kind of failure, and no host", async () => {
    const unreachable = (): ReturnType<typeof testConfig> =>
      testConfig({ url: "postgres://u:p@127.0.0.1:1/x", templates: deadLetters.harness.templates });
    await expect(runDeadLetters(["list"], discard, unreachable)).rejects.toThrow(
      /^The dead letters could not be reached: connection_refused\. Nothing was changed\.$/,
    );
  });
});
