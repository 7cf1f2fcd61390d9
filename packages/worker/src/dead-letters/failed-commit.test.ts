import { startTcpProxy } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { DeadLetterFixture } from "../testing/dead-letter-fixture.js";
import { eventually } from "../testing/worker-harness.js";

const deadLetters = new DeadLetterFixture(["payments"]);

describe("dead-letters retry whose commit fails", () => {
  it("does not report success", async () => {
    await deadLetters.addMany(2);
    await deadLetters.onArchive("raise 'no'", true);
    expect(await deadLetters.change("retry")).toEqual({
      lines: [],
      error:
        "The database rejected the command: raised_exception (SQLSTATE P0001). Nothing was changed.",
    });
    expect(await deadLetters.counts()).toEqual([2, 0]);
  });

  it("says that the outcome is unknown if the connection is lost during the commit", async () => {
    await deadLetters.addMany(2);
    await deadLetters.onArchive("perform pg_advisory_xact_lock(1)", true);
    const proxy = await startTcpProxy(deadLetters.harness.database.url);
    onTestFinished(() => proxy.close());
    await deadLetters.whileLocked(async () => {
      const retried = deadLetters.change("retry", {
        url: proxy.url(deadLetters.harness.database.url),
      });
      await deadLetters.untilItWaits();
      await proxy.cut();
      expect(await retried).toEqual({
        lines: [],
        error: expect.stringMatching(
          /^The database connection was lost during a commit: connection_\w+\. Run list to see whether the last ones were retried\.$/,
        ) as string,
      });
    });
    await eventually(
      "the commit",
      async () => (await deadLetters.harness.count("q_payments_queue")) === 2,
    );
  });
});
