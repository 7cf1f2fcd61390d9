import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedConfig, resolveConfig } from "@tasker-observability/config";
import { inProcess, invoke, type LogLevel } from "@tasker-observability/core";
import type { DetailedHealth, LiveHealth } from "@tasker-observability/health";
import { createTestDatabase, type TestDatabase, waitFor } from "@tasker-observability/testkit";
import pg from "pg";
import { onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import type { CreateWorkerOptions } from "../options/worker-options.js";
import type { StepToEnqueue } from "@tasker-observability/producer";
import type { Worker } from "../worker.js";

/** Parts of a configuration, as TOML would have them. */
export type Sections = Readonly<Record<string, unknown>>;

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface TestWorkerOptions extends Omit<CreateWorkerOptions, "loadedConfig" | "logger"> {
  /** Merged over a configuration without HTTP that finds the test's templates. */
  readonly common?: Sections | undefined;
  readonly worker?: Sections | undefined;
  /** @default the database's own */
  readonly url?: string | undefined;
}

/** A database, a folder of templates, and what it takes to look at queues; workers on it are stopped when the test ends. */
export interface WorkerHarness {
  readonly database: TestDatabase;
  readonly templates: string;
  /** Makes a worker and starts it. */
  readonly start: (options?: TestWorkerOptions) => Promise<TestWorker>;
  readonly query: <Row = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ) => Promise<Row[]>;
  /** How many messages a table of PGMQ contains: `q_payments_queue`, `a_payments_queue`. */
  readonly count: (table: string) => Promise<number>;
  /** What lies in the dead letters of `payments`, the oldest first. */
  readonly deadLetters: () => Promise<DeadLetterRow[]>;
  readonly close: () => Promise<void>;
}

export interface DeadLetterRow {
  readonly message: unknown;
  readonly reason: { readonly code: string; readonly message: string };
  readonly queue_name: string;
  readonly msg_id: string;
  readonly attempts: number;
  readonly worker_id: string;
  readonly dead_lettered_at: string;
}

export interface TestWorker {
  readonly worker: Worker;
  readonly log: readonly LogLine[];
  readonly ready: () => Promise<DetailedHealth>;
  readonly live: () => Promise<LiveHealth>;
  readonly detailed: () => Promise<DetailedHealth>;
  /** How many steps it contains. */
  readonly inFlight: () => number | undefined;
}

/**
 * The steps of the template payments/refund that tests run. Their retries are quick:
 * `plain` 3 attempts without delay · `patient` 3 attempts, 200 ms linear · `once` 1 attempt · `lost` names a handler that nobody has.
 */
export const templateText = `
name: refund
namespace_name: payments
version: 1.0.0
steps:
  - { name: plain, handler: { callable: Test }, retry: { max_attempts: 3, backoff: none } }
  - { name: patient, handler: { callable: Test }, retry: { max_attempts: 3, backoff: linear, backoff_base_ms: 200 } }
  - { name: once, handler: { callable: Test }, retry: { max_attempts: 1 } }
  - { name: never, handler: { callable: Test }, retry: { max_attempts: 0 } }
  - { name: hurried, handler: { callable: Test }, timeout_seconds: 0.2, retry: { max_attempts: 1 } }
  - { name: lost, handler: { callable: Nobody }, retry: { max_attempts: 2, backoff: none } }
`;

/** What a worker logged, but for the notice that nobody has the handler of `lost`. */
export function loggedBeside(log: TestWorker["log"]): TestWorker["log"] {
  return log.filter(
    ({ message }) =>
      !message.startsWith("templates name handlers that are not registered") &&
      !message.startsWith("template file: Tasker refuses this"),
  );
}

/** One step of that template. */
export function stepNamed(stepName: string, input: unknown = null): StepToEnqueue {
  return { template: { namespace: "payments", name: "refund", version: "1.0.0" }, stepName, input };
}

/** A message as `enqueue` puts it on a queue. */
export function messageOf(stepName: string, input: unknown = null): object {
  const { template } = stepNamed(stepName);
  return {
    step_id: crypto.randomUUID(),
    template,
    step_name: stepName,
    input,
    enqueued_at: new Date().toISOString(),
  };
}

export async function createWorkerHarness(): Promise<WorkerHarness> {
  const database = await createTestDatabase({ pgmq: true });
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  const templates = join(folder, "*.yaml");
  await writeFile(join(folder, "refund.yaml"), templateText);
  const pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on("error", () => undefined);
  const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query(text, values)).rows as Row[];
  return {
    database,
    templates,
    query,
    count: async (table) =>
      Number((await query<{ n: string }>(`select count(*) as n from pgmq.${table}`))[0]?.n),
    deadLetters: async () =>
      (
        await query<{ message: DeadLetterRow }>(
          "select message from pgmq.q_payments_dead_letter order by msg_id",
        )
      ).map((row) => row.message),
    start: (options = {}) =>
      startTestWorker({
        ...options,
        url: options.url ?? database.url,
        templates: options.templates ?? templates,
      }),
    async close() {
      await pool.end();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a worker and starts it; it stops when the test ends. */
export async function startTestWorker({
  common,
  worker: workerSections,
  url,
  templates,
  ...options
}: TestWorkerOptions & { readonly url: string }): Promise<TestWorker> {
  const log: LogLine[] = [];
  const files = typeof templates === "string" ? templates : "none/*.yaml";
  const worker = await createWorker({
    ...testOptions({ url, templates: files, common, worker: workerSections }),
    ...options,
    ...(typeof templates === "string" ? {} : { templates }),
    logger: (level, message, fields = {}) => log.push({ level, message, fields }),
  });
  onTestFinished(() => worker.stop());
  await worker.start();
  const ask = async (name: string): Promise<unknown> => {
    const operation = worker.operations[name];
    if (operation === undefined) throw new Error(`There is no operation ${name}.`);
    return invoke(operation, {}, inProcess);
  };
  return {
    worker,
    log,
    ready: async () => (await ask("health_ready")) as DetailedHealth,
    live: async () => (await ask("health_live")) as LiveHealth,
    detailed: async () => (await ask("health_detailed")) as DetailedHealth,
    inFlight: () =>
      worker.context.ports.channels
        ?.levels()
        .find(({ channel_name }) => channel_name === "dispatch")?.length,
  };
}

/** What tests say of a configuration. */
interface TestConfigParts {
  readonly url: string;
  readonly templates: string;
  readonly common?: Sections | undefined;
  readonly worker?: Sections | undefined;
}

/** Library mode: no listener; a pool and drain of a size that tests like. */
export function testOptions(parts: TestConfigParts): CreateWorkerOptions {
  return toWorkerOptions(testConfig(parts));
}

export function testConfig({
  url,
  templates,
  common = {},
  worker = {},
}: TestConfigParts): LoadedConfig {
  return resolveConfig(
    {
      common: mergeSections(
        { database: { url }, task_templates: { search_paths: [templates] } },
        common,
      ),
      worker: mergeSections(
        {
          namespaces: ["payments"],
          web: { enabled: false, bind_address: "127.0.0.1:0" },
          fleet: { enabled: false },
          shutdown: { drain_timeout_ms: 5_000 },
        },
        worker,
      ),
    },
    { env: {} },
  );
}

function mergeSections(base: Sections, over: Sections): Sections {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] =
      isSections(value) && isSections(merged[key]) ? mergeSections(merged[key], value) : value;
  return merged;
}

function isSections(value: unknown): value is Sections {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Waits until the condition is true; the queues move on their own. */
export function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<true> {
  return waitFor(condition, { what, timeoutMs, intervalMs: 20 });
}
