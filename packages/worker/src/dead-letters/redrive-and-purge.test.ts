import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { DeadLetterFixture } from "../testing/dead-letter-fixture.js";

const deadLetters = new DeadLetterFixture(["payments"]);

describe("dead-letters retry", () => {
  it.each(["a_payments_dead_letter", "q_payments_queue"])(
    "changes nothing if a trigger on %s drops a row",
    async (table) => {
      await deadLetters.addMany(3);
      await deadLetters.harness.query(
        `create or replace function pgmq.drop_row() returns trigger language plpgsql as $$ begin return null; end $$; create trigger drop_row before insert on pgmq.${table} for each row when (new.msg_id = 2) execute function pgmq.drop_row()`,
      );
      expect(await deadLetters.change("retry")).toEqual({
        lines: [],
        error:
          "The database rejected the command: triggered_action_exception (SQLSTATE 09000). Nothing was changed.",
      });
      expect(await deadLetters.counts()).toEqual([3, 0]);
    },
  );

  it("blocks neither producers nor another operator while it runs", async () => {
    await deadLetters.addMany(3);
    await deadLetters.harness.query("select pgmq.enable_notify_insert('payments_queue', 0)");
    await deadLetters.onArchive("if new.msg_id = 2 then perform pg_advisory_xact_lock(1); end if");
    let retried: ReturnType<typeof deadLetters.change> | undefined;
    await deadLetters.whileLocked(async () => {
      retried = deadLetters.change("retry", { options: ["--id", "1", "--id", "2"] });
      await deadLetters.untilItWaits();
      await withClient(deadLetters.harness.database.url, (client) =>
        client.query("set lock_timeout = '2s'; select pgmq.send('payments_queue', '{}')"),
      );
      expect(await deadLetters.change("retry", { options: ["--id", "3"] })).toEqual({
        lines: ["1 dead letter of payments retried"],
        error: null,
      });
    });
    expect(await retried).toEqual({ lines: ["2 dead letters of payments retried"], error: null });
  });

  it("commits in batches: retries before a failure stay, and are reported", async () => {
    await deadLetters.addMany(250);
    await deadLetters.onArchive("if new.msg_id = 150 then raise 'no'; end if");
    expect(await deadLetters.change("retry")).toEqual({
      lines: ["100 dead letters of payments retried"],
      error:
        "The database rejected the command: raised_exception (SQLSTATE P0001). The rest was not retried. 100 were already retried.",
    });
    expect(await deadLetters.counts()).toEqual([150, 100]);
  });

  it("applies the limit across its batches", async () => {
    await deadLetters.addMany(250);
    expect(await deadLetters.change("retry", { options: ["--all", "--limit", "120"] })).toEqual({
      lines: ["120 dead letters of payments retried"],
      error: null,
    });
    expect(
      await deadLetters.harness.query(
        "select min(msg_id)::int as first from pgmq.q_payments_dead_letter",
      ),
    ).toEqual([{ first: 121 }]);
  });

  it("ignores dead letters that arrive while it runs: a step that fails again is not retried forever", async () => {
    await deadLetters.addMany(2);
    await deadLetters.onArchive("perform pgmq.send('payments_dead_letter', new.message)");
    expect((await deadLetters.change("retry")).lines).toEqual([
      "2 dead letters of payments retried",
    ]);
    expect(await deadLetters.counts()).toEqual([2, 2]);
  });

  it("sends at most a few MB in one call, because PostgreSQL accepts no value over 1 GB", async () => {
    await deadLetters.addMany(3, 2_500_000);
    expect((await deadLetters.change("retry")).lines).toEqual([
      "3 dead letters of payments retried",
    ]);
    const sent = await deadLetters.harness.query(
      "select (message->'n')::int as n, dense_rank() over (order by xmin::text::bigint)::int as batch from pgmq.q_payments_queue order by msg_id",
    );
    expect(sent).toEqual([
      { n: 1, batch: 1 },
      { n: 2, batch: 1 },
      { n: 3, batch: 2 },
    ]);
  });
});

describe("dead-letters purge", () => {
  it.each(["a row", "every row"])("changes nothing if a trigger keeps %s", async (kept) => {
    await deadLetters.addMany(3);
    await deadLetters.harness.query(
      `create or replace function pgmq.keep_row() returns trigger language plpgsql as $$ begin return null; end $$; create trigger keep_row before delete on pgmq.q_payments_dead_letter for each row ${kept === "a row" ? "when (old.msg_id = 2)" : ""} execute function pgmq.keep_row()`,
    );
    expect(await deadLetters.change("purge")).toEqual({
      lines: [],
      error:
        "The database rejected the command: triggered_action_exception (SQLSTATE 09000). Nothing was changed.",
    });
    expect(await deadLetters.counts()).toEqual([3, 0]);
  });
});

describe.each(["retry", "purge"] as const)("dead-letters %s", (action) => {
  const done = action === "retry" ? "retried" : "purged";

  it("changes more than one batch", async () => {
    await deadLetters.addMany(250);
    expect(await deadLetters.change(action)).toEqual({
      lines: [`250 dead letters of payments ${done}`],
      error: null,
    });
    expect(await deadLetters.counts()).toEqual([0, action === "retry" ? 250 : 0]);
  });

  it("names the ids that do not exist, and changes the others", async () => {
    await deadLetters.addMany(2);
    const options = ["--id", "9", "--id", "2", "--id", "7", "--id", "7"];
    const error = "No dead letters of payments have these ids: 7, 9.";
    expect(await deadLetters.change(action, { options: [...options, "--dry-run"] })).toEqual({
      lines: [
        expect.stringMatching(/^payments 2 /),
        `dry run: 1 dead letter of payments to ${action}`,
      ],
      error,
    });
    expect(await deadLetters.change(action, { options: [...options, "--limit", "1"] })).toEqual({
      lines: [`1 dead letter of payments ${done}`],
      error,
    });
    const ofOtherCode = {
      lines: [`0 dead letters of payments ${done}`],
      error: "No dead letters of payments with this code have these ids: 1.",
    };
    expect(
      await deadLetters.change(action, { options: ["--id", "1", "--code", "step_failed"] }),
    ).toEqual(ofOtherCode);
  });

  it.each([
    ["EPIPE", null],
    ["ENOSPC", `The output could not be written: ENOSPC. 1 dead letter of payments ${done}.`],
  ])(
    "has committed when its output fails with %s, and says so unless the reader has left",
    async (outputFailure, error) => {
      await deadLetters.addMany(1);
      expect(await deadLetters.change(action, { outputFailure })).toEqual({ lines: [], error });
      expect(
        (await deadLetters.change(action, { options: ["--id", "1"], outputFailure: "EPIPE" }))
          .error,
      ).toBe("No dead letters of payments have these ids: 1.");
      expect(await deadLetters.counts()).toEqual([0, action === "retry" ? 1 : 0]);
    },
  );

  it("says why the database refused", async () => {
    await deadLetters.addMany(1);
    const asReader = await deadLetters.change(action, {
      url: `${deadLetters.harness.database.url}?options=-c%20role%3Dpg_read_all_data`,
    });
    expect(asReader).toEqual({
      lines: [],
      error:
        "The database rejected the command: permission_denied (SQLSTATE 42501). Nothing was changed.",
    });
    const readOnly = await deadLetters.change(action, {
      url: `${deadLetters.harness.database.url}?options=-c%20default_transaction_read_only%3Don`,
    });
    expect(readOnly).toEqual({
      lines: [],
      error: "The database rejected the command: read_only (SQLSTATE 25006). Nothing was changed.",
    });
  });
});
