import { systemClock } from "@tasker-observability/core";
import { fromPgPool, type SqlClient, type SqlStatement } from "@tasker-observability/postgres";
import { startTcpProxy, withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createWorkerHarness, eventually, type WorkerHarness } from "../testing/worker-harness.js";
import { formatMessageKey } from "./step-message.js";
import { createStepQueues, type StepQueues } from "./step-queues.js";
import { createStepTransactions } from "./step-transactions.js";

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await createWorkerHarness();
  await harness.query(
    "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter']) as name",
  );
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.query(
    "truncate pgmq.q_payments_queue, pgmq.a_payments_queue, pgmq.q_payments_dead_letter restart identity",
  );
});

function openPool(url = harness.database.url): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  return pool;
}

function createTestQueues(
  client: SqlClient = fromPgPool(openPool()),
  statementTimeoutMs = 10_000,
): StepQueues {
  const transactions = createStepTransactions({
    client,
    clock: systemClock,
    statementTimeoutMs,
    closing: new AbortController().signal,
  });
  return createStepQueues({
    transactions,
    visibilityTimeoutSeconds: 3_600,
    sendLockTimeoutMs: statementTimeoutMs,
  });
}

const queue = "payments_queue";
const send = (body: unknown): Promise<unknown> =>
  harness.query("select pgmq.send($1, $2::jsonb)", [queue, body]);
const rows = (): Promise<unknown[]> =>
  harness.query(
    "select read_ct, vt > now() + interval '30 minutes' as hidden from pgmq.q_payments_queue",
  );

/** Another worker claims what is claimed already, as after a visibility time-out. */
async function claimAgain(): Promise<void> {
  await harness.query("update pgmq.q_payments_queue set vt = now()");
  await createTestQueues().claim(queue, 10);
}

describe("the queues of steps", () => {
  it("leave no time-out and no transaction on a connection that others share", async () => {
    const pool = openPool();
    const queues = createTestQueues(fromPgPool(pool));
    await send({ n: 1 });
    await send({ n: 2 });
    await queues.renew(queue, await queues.claim(queue, 1));
    const { rows: left } = await pool.query(
      "select current_setting('lock_timeout') as locks, current_setting('statement_timeout') as statements, current_setting('idle_in_transaction_session_timeout') as idle, now() = statement_timestamp() as alone",
    );
    expect(left).toEqual([{ locks: "0", statements: "0", idle: "0", alone: true }]);
  });

  it("take back a claim whose answer never came: it has used no attempt", async () => {
    const proxy = await startTcpProxy(harness.database.url);
    onTestFinished(() => proxy.close());
    const client = after(
      fromPgPool(openPool(proxy.url(harness.database.url))),
      "tasker_claim_text",
      () => proxy.blackhole(),
    );
    await send({ n: 1 });
    await expect(createTestQueues(client, 500).claim(queue, 1)).rejects.toThrow(
      "No answer within 500 ms.",
    );
    await eventually(
      "the message for others",
      async () => (await createTestQueues().claim(queue, 1))[0]?.readCount === 1,
    );
  });

  it("leave a message alone that another worker has claimed since", async () => {
    const queues = createTestQueues();
    await send({ n: 1 });
    const claims = await queues.claim(queue, 1);
    await claimAgain();
    expect(await queues.renew(queue, claims)).toEqual(new Map());
    expect(await rows()).toEqual([{ read_ct: 2, hidden: true }]);
  });

  it("renew what is free without waiting for what is locked, and report what is locked", async () => {
    const queues = createTestQueues();
    await send({ n: 1 });
    await send({ n: 2 });
    const claims = await queues.claim(queue, 2);
    await harness.query("update pgmq.q_payments_queue set vt = now()");
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; select from pgmq.q_payments_queue where msg_id = 1 for update");
      const ours = await queues.renew(queue, claims);
      const [{ until }] = (await harness.query(
        "select (extract(epoch from vt) * 1000000)::bigint::text as until from pgmq.q_payments_queue where msg_id = 2",
      )) as [{ until: string }];
      expect(ours).toEqual(
        new Map(
          claims.map((claim) => [formatMessageKey(claim), claim.messageId === "1" ? null : until]),
        ),
      );
    });
    expect(await rows()).toEqual([
      { read_ct: 1, hidden: false },
      { read_ct: 1, hidden: true },
    ]);
  });

  it("do not touch a message with the number of one that they claimed before the queue was recreated", async () => {
    const queues = createTestQueues();
    await send({ n: "old" });
    const [old] = await queues.claim(queue, 1);
    await harness.query("select pgmq.drop_queue('payments_queue'), pgmq.create('payments_queue')");
    await send({ n: "new" });
    const [young] = await queues.claim(queue, 1);
    expect(young).toMatchObject({ messageId: old!.messageId, readCount: old!.readCount });
    const ours = await queues.renew(queue, [old!, young!]);
    expect([...ours.keys()]).toEqual([formatMessageKey(young!)]);
  });
});

/** Runs `act` when the server has answered the statement of that name. */
function after(client: SqlClient, name: string, act: () => void): SqlClient {
  return {
    withConnection: (use, options) =>
      client.withConnection(
        (connection) =>
          use({
            async query(statement: SqlStatement) {
              const answer = await connection.query(statement);
              if (statement.name === name) act();
              return answer;
            },
          }),
        options,
      ),
  };
}

describe("an insert of no rows into many queues", () => {
  const queues = ["payments_queue", "payments_dead_letter"];

  it("fires the statement triggers of all in one statement, and leaves nothing", async () => {
    await harness.query(
      `create table fired (name text); create function fire() returns trigger language plpgsql as 'begin insert into public.fired values (tg_table_name); return null; end'`,
    );
    for (const name of queues)
      await harness.query(
        `create trigger fire after insert on pgmq.q_${name} for each statement execute function fire()`,
      );
    onTestFinished(async () => {
      await harness.query("drop function fire cascade; drop table fired");
    });
    await createTestQueues().insertNoRows(queues);
    expect(await harness.query("select name from fired order by 1")).toEqual([
      { name: "q_payments_dead_letter" },
      { name: "q_payments_queue" },
    ]);
    expect(await rows()).toEqual([]);
    expect(await harness.query("select is_called from pgmq.q_payments_queue_msg_id_seq")).toEqual([
      { is_called: false },
    ]);
  });

  it("fails as a whole if one queue is missing, or its table is in use", async () => {
    await expect(createTestQueues().insertNoRows([...queues, "gone_queue"])).rejects.toMatchObject({
      code: "42P01",
    });
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.q_payments_dead_letter in share mode");
      await expect(createTestQueues().insertNoRows(queues)).rejects.toMatchObject({
        code: "55P03",
      });
      await client.query("rollback");
    });
  });
});
