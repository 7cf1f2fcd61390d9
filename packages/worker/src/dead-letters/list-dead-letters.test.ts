import { expect, describe, it, onTestFinished } from "vitest";
import { DeadLetterFixture } from "../testing/dead-letter-fixture.js";
import { messageOf } from "../testing/worker-harness.js";

const deadLetters = new DeadLetterFixture(["payments", "orders"]);
const thereAreMore = "… there are more: set --limit <n> to show more";

describe("dead-letters list", () => {
  it("shows the dead letters of all namespaces, one line each, the oldest first", async () => {
    await deadLetters.add("step_failed", { ...messageOf("plain"), step_id: "s-1" });
    await deadLetters.add("step_timeout", { ...messageOf("plain"), step_id: "s-2" });
    await deadLetters.add("unreadable_message", null, "orders_dead_letter");
    expect(await deadLetters.run("list")).toEqual([
      "orders 1 2025-01-01T00:00:00.000Z attempts=3 - - unreadable_message: because of unreadable_message",
      "payments 1 2025-01-01T00:00:00.000Z attempts=3 refund/plain s-1 step_failed: because of step_failed",
      "payments 2 2025-01-01T00:00:00.000Z attempts=3 refund/plain s-2 step_timeout: because of step_timeout",
    ]);
  });

  it("shows no more than the limit", async () => {
    for (let index = 0; index < 3; index += 1) await deadLetters.add("step_failed");
    expect(await deadLetters.run("list", "--namespace", "payments", "--limit", "2")).toEqual([
      expect.stringMatching(/^payments 1 /),
      expect.stringMatching(/^payments 2 /),
      thereAreMore,
    ]);
    expect(await deadLetters.run("list", "--namespace", "payments", "--limit", "3")).toHaveLength(
      3,
    );
    expect(await deadLetters.run("list", "--code", "step_timeout")).toEqual([]);
  });

  it("applies the limit to all namespaces together", async () => {
    await deadLetters.add("step_failed", messageOf("plain"), "orders_dead_letter");
    for (let index = 0; index < 2; index += 1) await deadLetters.add("step_failed");
    const shown = async (limit: string): Promise<string[]> =>
      (await deadLetters.run("list", "--limit", limit)).map((line) => line.split(" ", 2).join(" "));
    expect([await shown("1"), await shown("2"), await shown("3")]).toEqual([
      ["orders 1", "… there"],
      ["orders 1", "payments 1", "… there"],
      ["orders 1", "payments 1", "payments 2"],
    ]);
  });

  it.each(["abc", 99999999999, 1.5, null, { n: 1 }])(
    "shows all dead letters even if one has the attempts %j",
    async (attempts) => {
      await deadLetters.harness.query("select pgmq.send('payments_dead_letter', $1::jsonb)", [
        JSON.stringify({ message: {}, attempts }),
      ]);
      await deadLetters.add("step_failed");
      const lines = await deadLetters.run("list");
      expect(lines).toEqual([
        expect.stringContaining("payments 1 - attempts="),
        expect.stringContaining("payments 2 2025-01-01T00:00:00.000Z attempts=3 "),
      ]);
      expect(
        await deadLetters.run("retry", "--namespace", "payments", "--all", "--dry-run"),
      ).toEqual([...lines, "dry run: 2 dead letters of payments to retry"]);
    },
  );

  it("shows the other dead letters if PGMQ lists a queue whose table is gone", async () => {
    await deadLetters.add("step_failed");
    await deadLetters.harness.query(
      "insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values ('gone_dead_letter', false, false)",
    );
    onTestFinished(() =>
      deadLetters.harness
        .query("delete from pgmq.meta where queue_name = 'gone_dead_letter'")
        .then(() => undefined),
    );
    expect(await deadLetters.run("list")).toEqual([expect.stringContaining("payments 1 ")]);
    await expect(deadLetters.run("list", "--namespace", "gone")).rejects.toThrow(
      "The namespace gone has no queues in this database",
    );
  });

  it("prints one line without control characters, whatever a message contains", async () => {
    const step_id = "a\nb\u001b[2Jc\u2028d\u009b2Je\u202ef\u2066g\ufeffh\u{e0041}i";
    await deadLetters.add("step_failed", { step_id });
    const [line] = await deadLetters.run("list");
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(line).toContain(String.raw`a\u{a}b\u{1b}[2Jc\u{2028}d`);
    const [json] = await deadLetters.run("list", "--json");
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(json!)).toMatchObject({ letter: { message: { step_id } } });
  });

  it("with --json prints dead letters only, and notes on standard error that there are more", async () => {
    for (let index = 0; index < 2; index += 1) await deadLetters.add("step_failed");
    const { lines, notes } = await deadLetters.runWithNotes("list", "--limit", "1", "--json");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ namespace: "payments", msg_id: "1" }),
    ]);
    expect(notes).toEqual([thereAreMore]);
  });

  it("with --json prints the whole message, with all digits of its numbers", async () => {
    await deadLetters.harness.query(
      `select pgmq.send('payments_dead_letter', '{"message": {"n": 12345678901234567890.5}, "reason": {"code": "x"}}'::jsonb)`,
    );
    const [line] = await deadLetters.run("list", "--json");
    expect(line).toContain("12345678901234567890.5");
    expect(JSON.parse(line!)).toMatchObject({
      namespace: "payments",
      msg_id: "1",
      letter: { reason: { code: "x" } },
    });
  });
});
