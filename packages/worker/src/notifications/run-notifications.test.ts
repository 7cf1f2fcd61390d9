import { withClient } from "@tasker-observability/testkit";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { eventually, testConfig } from "../testing/worker-harness.js";
import { runNotifications } from "./run-notifications.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();
beforeEach(async () => {
  await harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await harness.query("drop function if exists pgmq.tasker_notify_insert");
  await harness.query("select pgmq.create('payments_queue'), pgmq.create('orders_queue')");
});

/** The lines that the command prints. */
async function run(
  args: readonly string[],
  { url = harness.database.url, lines = [] }: { url?: string; lines?: string[] } = {},
): Promise<string[]> {
  await runNotifications(args, { print: (line) => Promise.resolve(void lines.push(line)) }, () =>
    testConfig({
      url,
      templates: harness.templates,
      worker: { namespaces: ["payments", "orders"] },
    }),
  );
  return lines;
}

const silent = "does not notify: polling finds its steps";
const notifying = "notifies, at no cost to senders";

describe("notifications status", () => {
  it.each([
    ["select 1", silent],
    [
      "select pgmq.enable_notify_insert('orders_queue', 100)",
      "notifies by PGMQ's trigger, at most every 100 ms: senders may wait for each other",
    ],
    [
      "select pgmq.enable_notify_insert('orders_queue'); delete from pgmq.notify_insert_throttle",
      "has PGMQ's trigger, which lost its throttle, as after a crash: it does not notify",
    ],
    [
      "select pgmq.enable_notify_insert('orders_queue'); alter table pgmq.q_orders_queue disable trigger all",
      "has PGMQ's trigger, but it is disabled",
    ],
    ["select pgmq.drop_queue('orders_queue')", "does not exist"],
  ])("after %s says that a queue %s", async (prepare, line) => {
    await harness.query(prepare);
    expect(await run(["status"])).toEqual([`orders_queue ${line}`, `payments_queue ${silent}`]);
  });
});

describe("notifications install and remove", () => {
  it("change the named queues, replace PGMQ's trigger, and may be repeated", async () => {
    await harness.query("select pgmq.enable_notify_insert('orders_queue', 100)");
    for (let time = 0; time < 2; time += 1)
      expect(await run(["install", "--namespace", "orders"])).toEqual([
        `orders_queue ${notifying}`,
      ]);
    expect(await run(["install"])).toEqual([
      `orders_queue ${notifying}`,
      `payments_queue ${notifying}`,
    ]);
    await harness.query("alter table pgmq.q_orders_queue disable trigger all");
    expect(await run(["status", "--namespace", "orders"])).toEqual([
      "orders_queue has the trigger, but it is disabled",
    ]);
    expect(await run(["install", "--namespace", "orders"])).toEqual([`orders_queue ${notifying}`]);
    await harness.query("select pgmq.enable_notify_insert('payments_queue', 250)");
    expect(await run(["remove"])).toEqual([`orders_queue ${silent}`, `payments_queue ${silent}`]);
    expect(await harness.query("select from pg_trigger where not tgisinternal")).toEqual([]);
  });

  it("work on unlogged and partitioned queues, and a worker is notified of their steps", async () => {
    await harness.query(
      "select pgmq.drop_queue(queue_name) from pgmq.list_queues(); select pgmq.create_unlogged('payments_queue'); select pgmq.create('orders_queue')",
    );
    await harness.query(
      `alter table pgmq.q_orders_queue rename to as_created;
       create table pgmq.q_orders_queue (like pgmq.as_created including defaults including identity) partition by range (msg_id);
       create table pgmq.q_orders_queue_1 partition of pgmq.q_orders_queue for values from (minvalue) to (maxvalue);
       drop table pgmq.as_created`,
    );
    await run(["install"]);
    const { worker } = await harness.start({ worker: { namespaces: ["payments", "orders"] } });
    await eventually(
      "a proof of both",
      () => worker.context.ports.eventSystem?.pollOnlyQueues?.().length === 0,
    );
  });

  it("with --dry-run print the statements, which do the same, and run none", async () => {
    await harness.query("select pgmq.enable_notify_insert('orders_queue', 100)");
    const statements = await run(["install", "--dry-run"]);
    expect(await run(["status"])).not.toContain(`orders_queue ${notifying}`);
    await withClient(harness.database.url, (client) => client.query(statements.join("\n")));
    expect(await run(["status"])).toEqual([
      `orders_queue ${notifying}`,
      `payments_queue ${notifying}`,
    ]);
    expect(await run(["install", "--dry-run"])).toEqual([]);
    const removal = await run(["remove", "--dry-run"]);
    await withClient(harness.database.url, (client) => client.query(removal.join("\n")));
    expect(await run(["status"])).toEqual([`orders_queue ${silent}`, `payments_queue ${silent}`]);
  });

  it.each(["install", "remove"])(
    "with --dry-run fail on a missing queue, after the statements for the others: %s",
    async (action) => {
      await harness.query("select pgmq.enable_notify_insert('orders_queue', 100)");
      const lines: string[] = [];
      const args = [action, "--dry-run", "--namespace", "gone", "--namespace", "orders"];
      await expect(run(args, { lines })).rejects.toThrow(
        "There is no queue gone_queue in this database.",
      );
      expect(lines).toContain("select pgmq.disable_notify_insert('orders_queue');");
    },
  );

  it("name the queues that are locked or missing, and change the others", async () => {
    await withClient(harness.database.url, async (client) => {
      await client.query("begin; lock table pgmq.q_payments_queue in row exclusive mode");
      await expect(
        run(["install", "--namespace", "gone", "--namespace", "payments", "--namespace", "orders"]),
      ).rejects.toThrow(
        "There is no queue gone_queue in this database.\npayments_queue is locked by a long transaction: run this command again.",
      );
    });
    expect(await run(["status"])).toEqual([
      `orders_queue ${notifying}`,
      `payments_queue ${silent}`,
    ]);
  });

  it("say which right a role lacks that does not own the queues", async () => {
    const role = `role_${crypto.randomUUID().slice(0, 8)}`;
    await harness.query(
      `create role ${role} login password 'x'; grant usage, create on schema pgmq to ${role}; grant all on all tables in schema pgmq to ${role}`,
    );
    onTestFinished(async () => {
      await harness.query(`drop owned by ${role} cascade; drop role ${role}`);
    });
    await harness.query("select pgmq.enable_notify_insert('payments_queue')");
    const url = new URL(harness.database.url);
    [url.username, url.password] = [role, "x"];
    await expect(run(["install"], { url: url.href })).rejects.toThrow(
      /^payments_queue was not changed, because the role lacks a right: run this as the owner of the table pgmq\.q_payments_queue /,
    );
    // The right TRIGGER is enough where there is nothing to replace.
    expect(await run(["status", "--namespace", "orders"])).toEqual([`orders_queue ${notifying}`]);
  });
});

describe("the command", () => {
  it("prints its usage", async () => {
    expect((await run(["--help"]))[0]).toMatch(
      /^tasker-worker notifications status\|install\|remove/,
    );
  });

  it.each([
    [[], "Use status, install or remove."],
    [["list"], "Use status, install or remove."],
    [["status", "install"], "Use status, install or remove."],
    [["status", "--dry-run"], "--dry-run works only with install and remove."],
    [["status", "--namespace", "a;b"], "--namespace must be a namespace. At most 29 characters: "],
    [["install", "--force"], "Unknown option --force."],
    [["install", "--dry-run", "--dry-run"], "--dry-run can be given only once."],
  ])("rejects %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  it("says why the database cannot be read, and when none is configured", async () => {
    await expect(run(["status"], { url: "postgres://nobody@127.0.0.1:1/none" })).rejects.toThrow(
      "The database could not be read: connection_refused.",
    );
    await expect(run(["status"], { url: "" })).rejects.toThrow("This command needs a database");
  });
});
