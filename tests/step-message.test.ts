import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createStepProducer } from "@tasker-observability/producer";
import { createTestDatabase, type TestDatabase, waitFor } from "@tasker-observability/testkit";
import { createWorker, type StepInfo } from "@tasker-observability/worker";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isThere } from "./client-suite.js";

const page = await readFile(new URL("../docs/step-message.md", import.meta.url), "utf8");
const ruby = process.env.RUBY_PG ?? "ruby-with-pg";
const python = process.env.PYTHON_PSYCOPG ?? "python-with-psycopg";

/** The page's blocks of a language. */
const blocks = (language: string): readonly string[] =>
  Array.from(
    page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms")),
    ([, text = ""]) => text,
  );

interface Run {
  readonly input: unknown;
  readonly step: StepInfo;
}

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let worker: Awaited<ReturnType<typeof createWorker>>;
const runs: Run[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  pool = new pg.Pool({ connectionString: database.url });
  folder = await mkdtemp(join(tmpdir(), "step-message-"));
  await writeFile(
    join(folder, "fulfill.yaml"),
    "name: fulfill\nnamespace_name: orders\nversion: 1.0.0\nsteps:\n  - { name: ship, handler: { callable: Ship } }\n",
  );
  worker = await createWorker({
    database: database.url,
    namespaces: ["orders"],
    templates: join(folder, "*.yaml"),
    handlers: { Ship: async (input, { step }) => void runs.push({ input, step }) },
  });
  await worker.start();
});
afterAll(async () => {
  await worker.stop();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What the worker ran after `send`. */
async function ranAfter(send: () => Promise<unknown>): Promise<Run> {
  const before = runs.length;
  await send();
  await waitFor(() => runs.length > before, { what: "the run", timeoutMs: 15_000, intervalMs: 20 });
  return runs[before]!;
}

const template = { namespace: "orders", name: "fulfill", version: "1.0.0" };

it("a worker runs what a producer puts on its queue", async () => {
  const producer = createStepProducer({ database: pool });
  const headers = { traceparent: "00-1" };
  const run = await ranAfter(() =>
    producer.enqueue({
      template,
      stepName: "ship",
      stepId: "s-1",
      input: { order_id: 1 },
      headers,
    }),
  );
  expect(run).toMatchObject({
    input: { order_id: 1 },
    step: { step_id: "s-1", step_name: "ship", template, attempt: 1, headers },
  });
});

it("a worker runs the message that the page shows", async () => {
  const [message = ""] = blocks("json");
  const run = await ranAfter(() => pool.query("select pgmq.send('orders_queue', $1)", [message]));
  expect(run.step.enqueued_at).toBe("2026-01-31T09:00:00.000Z");
});

it("a worker runs what the page's SQL sends, and knows when it was enqueued", async () => {
  const [statement = ""] = blocks("sql");
  const run = await ranAfter(() => pool.query(statement));
  expect(run).toMatchObject({ input: { order_id: 17 }, step: { template, headers: null } });
  expect(Math.abs(Date.parse(run.step.enqueued_at) - Date.now())).toBeLessThan(60_000);
});

it("the page's SQL sends headers, and a delay in seconds", async () => {
  const [, statement = ""] = blocks("sql");
  await pool.query(statement);
  const { rows } = await pool.query(
    "delete from pgmq.q_orders_queue returning headers, round(extract(epoch from vt - enqueued_at))::int as delay",
  );
  expect(rows).toEqual([{ headers: { traceparent: expect.stringMatching(/^00-/) }, delay: 60 }]);
});

it.each([
  ["ruby", /exec_params\("(.*?)"/],
  ["python", /execute\("(.*?)"/],
])("the statement of the page's %s runs as it is", async (language, pattern) => {
  const text = pattern.exec(blocks(language)[0] ?? "")?.[1] ?? "";
  const numbered = text.replace("%s", "$1").replace("%s", "$2");
  const [message = ""] = blocks("json");
  await ranAfter(() => pool.query(numbered, ["orders_queue", message]));
});

it.skipIf(!isThere(ruby))("a worker runs what the page's Ruby sends", async () => {
  const run = await ranAfter(() => runScript(ruby, "send.rb", blocks("ruby")[0] ?? ""));
  expect(run).toMatchObject({ input: { order_id: 17 }, step: { step_id: "17", template } });
});

it.skipIf(!isThere(python))("a worker runs what the page's Python sends", async () => {
  const run = await ranAfter(() => runScript(python, "send.py", blocks("python")[0] ?? ""));
  expect(run).toMatchObject({ input: { order_id: 17 }, step: { step_id: "17", template } });
});

async function runScript(command: string, name: string, text: string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, text);
  await promisify(execFile)(command, [file], {
    env: { ...process.env, DATABASE_URL: database.url },
  });
}

it("a message that cannot be read gets a dead letter that says how it should have looked", async () => {
  const secret = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
  await pool.query("select pgmq.send('orders_queue', $1)", [
    JSON.stringify({ step: "ship", step_id: { password: secret } }),
  ]);
  const read = async (): Promise<string | undefined> =>
    (
      await pool.query<{ reason: string }>(
        "select (message->'reason')::text as reason from pgmq.q_orders_dead_letter",
      )
    ).rows[0]?.reason;
  await waitFor(async () => (await read()) !== undefined, {
    what: "the dead letter",
    timeoutMs: 15_000,
    intervalMs: 20,
  });
  const reason = JSON.parse((await read())!) as { code: string; message: string };
  expect(reason.code).toBe("unreadable_message");
  expect(reason.message).toMatch(/step_id: .*; template: .*; step_name: .*docs\/step-message\.md/);
  expect(reason.message).not.toContain(secret);
  const smallest = /The smallest step is (\{.*\});/.exec(reason.message)?.[1] ?? "";
  const run = await ranAfter(() => pool.query("select pgmq.send('orders_queue', $1)", [smallest]));
  expect(run.input).toBeNull();
});
