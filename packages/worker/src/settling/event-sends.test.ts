import type { SqlClient, SqlConnection, SqlStatement } from "@tasker-observability/postgres";
import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import {
  claimNew,
  count,
  databaseUrl,
  openQueues,
  query,
  retry,
  usePaymentsQueues,
} from "../testing/test-outcome-queues.js";
import { eventually } from "../testing/worker-harness.js";
import type { UncertainSends } from "./event-sends.js";
import type { OutcomeRow } from "./outcome-store.js";

usePaymentsQueues();

const published = (): Promise<number> => count("q_payments_domain_events");

/** No answer comes to the first commit, in whose place the server is sent `instead`. */
function loseFirstCommit(client: SqlClient, instead: "commit" | "rollback"): SqlClient {
  let isLost = false;
  const losing = (connection: SqlConnection): SqlConnection => ({
    async query(statement: SqlStatement) {
      if (statement.text !== "commit" || isLost) return connection.query(statement);
      isLost = true;
      await connection.query({ text: instead });
      throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    },
  });
  return {
    withConnection: (use, options) =>
      client.withConnection((connection) => use(losing(connection)), options),
  };
}

/** A retry with one event, of a step that is claimed. */
async function claimStep(wrap?: (client: SqlClient) => SqlClient) {
  const steps = openQueues();
  const [fence] = await claimNew(steps, { n: 1 });
  const event = { queueName: "payments_domain_events", text: '"failed"' };
  const row: OutcomeRow = { fence: fence!, delay_ms: 60_000, uncounted_claims: 0, events: [event] };
  const uncertainSends: UncertainSends = new WeakMap();
  return { steps, queues: openQueues({ wrap, uncertainSends }), row, event, uncertainSends };
}

describe("the events of a retry to whose commit no answer came", () => {
  describe.each(["write", "writeOne"] as const)("and that is written again by %s", (how) => {
    it("are sent once when it was committed, and the retry is delayed as it was", async () => {
      const { queues, row, steps } = await claimStep((client) => loseFirstCommit(client, "commit"));
      await expect(queues[how](retry, [row])).rejects.toThrow("ECONNRESET");
      // As a worker does that still has the step in flight.
      await steps.renew("payments_queue", [row.fence]);
      await queues[how](retry, [row]);
      expect(await published()).toBe(1);
      expect(
        await query(
          "select read_ct, vt > now() + interval '50 seconds' as delayed from pgmq.q_payments_queue",
        ),
      ).toEqual([{ read_ct: 1, delayed: true }]);
    });

    it("are sent when it was rolled back", async () => {
      const { queues, row } = await claimStep((client) => loseFirstCommit(client, "rollback"));
      await expect(queues[how](retry, [row])).rejects.toThrow("ECONNRESET");
      await queues[how](retry, [row]);
      expect(await published()).toBe(1);
    });

    it("are sent once when the worker has claimed the step again meanwhile", async () => {
      const { queues, row, steps } = await claimStep((client) => loseFirstCommit(client, "commit"));
      await expect(queues[how](retry, [row])).rejects.toThrow("ECONNRESET");
      await query("update pgmq.q_payments_queue set vt = now()");
      const [fence] = await steps.claim("payments_queue", 1);
      await queues[how](retry, [{ ...row, fence: fence!, uncounted_claims: 1 }]);
      expect(await published()).toBe(1);
    });

    it("wait for a transaction that is still open, and are sent once when it is committed", async () => {
      const { queues, row, event, uncertainSends } = await claimStep();
      await withClient(databaseUrl(), async (client) => {
        await client.query(
          `begin; update pgmq.q_payments_queue set vt = now(); select pgmq.send('payments_domain_events', '"failed"')`,
        );
        const { rows } = await client.query<{ id: string }>("select txid_current()::text as id");
        uncertainSends.set(event, [rows[0]!.id]);
        const written = queues[how](retry, [row]);
        await eventually("the write that waits", async () => {
          const waiting =
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
          return (await query(waiting)).length > 0;
        });
        await client.query("commit");
        await written;
      });
      expect(await published()).toBe(1);
    });

    it("are sent when the server never came to that transaction, as after a failover", async () => {
      const { queues, row, event, uncertainSends } = await claimStep();
      uncertainSends.set(event, ["900000000000"]);
      await queues[how](retry, [row]);
      expect(await published()).toBe(1);
    });
  });
});
