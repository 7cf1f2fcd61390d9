import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { WorkerStartError } from "../worker-start-error.js";
import { olderPgmq } from "../testing/older-pgmq.js";
import { createTestRole, type TestRole } from "../testing/test-role.js";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type TestWorker,
  type WorkerHarness,
} from "../testing/worker-harness.js";

const template = `
name: refund
namespace_name: payments
version: 1.0.0
steps:
  - name: plain
    handler: { callable: Test }
    retry: { max_attempts: 2, backoff: none }
    publishes_events: [{ name: refund.done, condition: always, delivery_mode: durable }]
`;
const allQueues = ["payments_queue", "payments_dead_letter", "payments_domain_events"];

let harness: WorkerHarness;
let role: TestRole;
let templates: string;
beforeEach(async () => {
  harness = await createWorkerHarness();
  onTestFinished(() => harness.close());
  role = await createTestRole(harness.database.url);
  const folder = await mkdtemp(join(tmpdir(), "rights-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "refund.yaml"), template);
  templates = join(folder, "*.yaml");
});

const createQueues = (): Promise<unknown> =>
  harness.query("select pgmq.create(name) from unnest($1::text[]) as name", [allQueues]);

function start(): Promise<TestWorker> {
  return harness.start({
    url: role.url,
    templates,
    handlers: {
      Test: async (input, { step }) => {
        if (input === "fail" || (input === "fail once" && step.attempt === 1))
          throw new Error("It fails.");
      },
    },
  });
}

/** The statements that a refused start names; none where it starts. */
async function missing(): Promise<string[]> {
  try {
    const { worker } = await start();
    await worker.stop();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(WorkerStartError);
    const { message } = error as WorkerStartError;
    const [, statements = ""] =
      /^This database role lacks rights that the worker needs\. An administrator can run: (.*;)$/.exec(
        message,
      ) ?? [];
    expect(statements, message).not.toBe("");
    return statements.split(/(?<=;) /);
  }
}

/** Succeeds, retries, gives up, and publishes durably. */
async function work(): Promise<void> {
  const { worker, log } = await start();
  for (const input of ["succeed", "fail once", "fail"])
    await harness.query("select pgmq.send('payments_queue', $1::jsonb)", [
      JSON.stringify(messageOf("plain", input)),
    ]);
  await eventually("three ends", async () => (await harness.count("a_payments_queue")) === 3);
  await eventually(
    "three events",
    async () => (await harness.count("q_payments_domain_events")) >= 3,
  );
  expect(await harness.count("q_payments_dead_letter")).toBe(1);
  expect(await harness.count("q_payments_queue")).toBe(0);
  await worker.stop();
  expect(log.filter(({ level }) => level === "error")).toEqual([]);
}

const onAll = (text: (table: string) => string): string =>
  allQueues.flatMap((name) => [text(`pgmq.q_${name}`), text(`pgmq.a_${name}`)]).join("; ");
const revokeFunctions = "revoke execute on all functions in schema pgmq from public";
const secureRows = onAll((table) => `alter table ${table} enable row level security`);

describe("a role that was granted nothing", () => {
  it.each([
    ["the queues as they are made", ""],
    ["functions that nobody may call", revokeFunctions],
    ["row level security without a policy", secureRows],
    [
      "row level security that shows nothing",
      `${secureRows}; ${onAll((table) => `create policy nothing on ${table} using (false)`)}`,
    ],
    [
      "policies of another role",
      `${secureRows}; ${onAll((table) => `create policy others on ${table} to pg_monitor using (true)`)}`,
    ],
    [
      "policies of another command",
      `${secureRows}; ${onAll((table) => `create policy looks on ${table} for select using (true)`)}`,
    ],
    [
      "functions, rows and PGMQ's own notification",
      `${revokeFunctions}; ${secureRows}; select pgmq.enable_notify_insert('payments_dead_letter')`,
    ],
    [
      "a number that comes from a sequence",
      "create sequence pgmq.numbers; alter table pgmq.q_payments_dead_letter alter msg_id drop identity; alter table pgmq.q_payments_dead_letter alter msg_id set default nextval('pgmq.numbers'); alter sequence pgmq.numbers owned by pgmq.q_payments_dead_letter.msg_id",
    ],
    ["queues that are missing", onAll((table) => `drop table ${table}`)],
    ["an older PGMQ", `drop schema pgmq cascade; ${olderPgmq}; ${revokeFunctions}`],
  ])(
    "gets the full list of rights that it lacks, and works with exactly these: %s",
    async (_what, text) => {
      await createQueues();
      await harness.query(text);
      const statements = await missing();
      await harness.query(statements.join(" "));
      expect(await missing()).toEqual([]);
      await work();
    },
  );

  it("gets the GRANT to run if it may not even connect", async () => {
    await createQueues();
    await harness.query(`revoke connect on database ${harness.database.name} from public`);
    const statement = `GRANT CONNECT ON DATABASE "${harness.database.name}" TO "${role.name}";`;
    await expect(start()).rejects.toThrow(
      new WorkerStartError(
        `This database role may not connect to the database. An administrator can run: ${statement}`,
      ),
    );
    await harness.query(statement);
    expect(await missing()).not.toEqual([]);
  });

  it("is asked for no right that it does not need", async () => {
    await createQueues();
    await harness.query(
      `${revokeFunctions}; ${secureRows}; select pgmq.enable_notify_insert('payments_dead_letter')`,
    );
    const statements = await missing();
    for (const [index, statement] of statements.entries()) {
      await harness.query(
        `drop owned by ${role.name}; ${statements.filter((_, other) => other !== index).join(" ")}`,
      );
      expect(await missing()).toEqual([statement]);
    }
    expect(statements.filter((statement) => !/^(?:GRANT|CREATE POLICY) /.test(statement))).toEqual(
      [],
    );
  });

  it("needs neither policy nor grant if it owns the tables", async () => {
    await createQueues();
    await harness.query(
      `grant usage on schema pgmq to ${role.name}; grant select on pgmq.meta to ${role.name}; ${secureRows}; ${onAll((table) => `alter table ${table} owner to ${role.name}`)}`,
    );
    expect(await missing()).toEqual([]);
  });
});

describe("a policy that shows some rows and hides others", () => {
  it("is logged at the start, with its name and table", async () => {
    await createQueues();
    await harness.query((await missing()).join(" "));
    await harness.query(
      `alter table pgmq.q_payments_queue enable row level security; create policy tenant on pgmq.q_payments_queue using (message->>'tenant' = 'a')`,
    );
    const warned = async (): Promise<unknown[]> => {
      const { worker, log } = await start();
      await worker.stop();
      return log
        .filter(({ message }) => message.startsWith("row level"))
        .map(({ fields }) => fields);
    };
    expect(await warned()).toEqual([{ table: "pgmq.q_payments_queue", policies: "tenant" }]);
    await harness.query(
      `create policy everything on pgmq.q_payments_queue to ${role.name} using (true)`,
    );
    expect(await warned()).toEqual([]);
    await harness.query(
      "create policy limit_all on pgmq.q_payments_queue as restrictive using (read_ct < 5)",
    );
    expect(await warned()).toEqual([{ table: "pgmq.q_payments_queue", policies: "limit_all" }]);
  });
});
