import { withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { OutputError } from "../console/outputs.js";
import { runDeadLetters } from "../dead-letters/run-dead-letters.js";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  testConfig,
  type WorkerHarness,
} from "./worker-harness.js";

/** A run of the command. */
export interface DeadLettersRun {
  readonly lines: string[];
  readonly notes: string[];
  /** The message of the error that ended it; null if it succeeded. */
  readonly error: string | null;
}

export interface ChangeOptions {
  /** @default --all */
  readonly options?: readonly string[];
  readonly url?: string;
  /** The code of the error with which every write fails. */
  readonly outputFailure?: string;
}

/** The command `tasker-worker dead-letters`, and a database whose queues are empty before each test. */
export class DeadLetterFixture {
  #harness: WorkerHarness | undefined;

  /** Registers the hooks of the test file. */
  constructor(namespaces: readonly string[]) {
    beforeAll(async () => {
      this.#harness = await createWorkerHarness();
    });
    afterAll(() => this.harness.close());
    beforeEach(async () => {
      const queues = namespaces.flatMap((name) => [`${name}_queue`, `${name}_dead_letter`]);
      await this.harness.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
      await this.harness.query("select pgmq.create(name) from unnest($1::text[]) as name", [
        queues,
      ]);
    });
  }

  get harness(): WorkerHarness {
    if (this.#harness === undefined) throw new Error("The database is there once the tests run.");
    return this.#harness;
  }

  /** Runs the command. @returns the lines that it prints. */
  async run(...args: string[]): Promise<string[]> {
    return (await this.runWithNotes(...args)).lines;
  }

  /** Runs the command. @returns what it writes to standard output and standard error. */
  async runWithNotes(...args: string[]): Promise<Pick<DeadLettersRun, "lines" | "notes">> {
    const lines: string[] = [];
    const notes: string[] = [];
    await runDeadLetters(args, { print: into(lines), note: into(notes) }, () =>
      testConfig({ url: this.harness.database.url, templates: this.harness.templates }),
    );
    return { lines, notes };
  }

  /** Runs `retry` or `purge` in the namespace `payments`, and catches its error. */
  async change(
    action: "retry" | "purge",
    { options = ["--all"], url = this.harness.database.url, outputFailure }: ChangeOptions = {},
  ): Promise<Pick<DeadLettersRun, "lines" | "error">> {
    const lines: string[] = [];
    const print = outputFailure === undefined ? into(lines) : failWith(outputFailure);
    const args = [action, "--namespace", "payments", ...options];
    const error = await runDeadLetters(args, { print, note: into([]) }, () =>
      testConfig({ url, templates: this.harness.templates }),
    ).then(() => null, String);
    return { lines, error: error?.replace("CommandError: ", "") ?? null };
  }

  /** Adds a dead letter as a worker writes it. @returns its id. */
  async add(
    code: string,
    message: unknown = messageOf("plain"),
    queue = "payments_dead_letter",
  ): Promise<string> {
    const deadLetter = {
      message,
      reason: { code, message: `because of ${code}` },
      queue_name: "payments_queue",
      msg_id: "1",
      attempts: 3,
      worker_id: "w",
      dead_lettered_at: "2025-01-01T00:00:00.000Z",
    };
    const [sent] = await this.harness.query<{ id: string }>(
      "select pgmq.send($1, $2::jsonb)::text as id",
      [queue, JSON.stringify(deadLetter)],
    );
    return sent!.id;
  }

  /** Adds dead letters whose messages count from 1, each with an input of so many bytes. */
  async addMany(count: number, bytes = 1): Promise<void> {
    await this.harness.query(
      "select pgmq.send('payments_dead_letter', jsonb_build_object('message', jsonb_build_object('n', n, 'input', repeat('x', $2::int)))) from generate_series(1, $1::int) as n",
      [count, bytes],
    );
  }

  /** Creates a trigger that runs `body` for each dead letter that is archived, immediately or at the commit. */
  async onArchive(body: string, isDeferred = false): Promise<void> {
    await this.harness.query(
      `create or replace function on_archive() returns trigger language plpgsql as $$ begin ${body}; return null; end $$`,
    );
    await this.harness.query(
      `create constraint trigger on_archive after insert on pgmq.a_payments_dead_letter deferrable initially ${isDeferred ? "deferred" : "immediate"} for each row execute function on_archive()`,
    );
  }

  /** Runs `act` while it holds advisory lock 1. */
  async whileLocked(act: () => Promise<void>): Promise<void> {
    await withClient(this.harness.database.url, async (client) => {
      await client.query("select pg_advisory_lock(1)");
      await act();
    });
  }

  /** Resolves when the command waits for advisory lock 1. */
  async untilItWaits(): Promise<void> {
    const waitingSql =
      "select from pg_stat_activity where application_name = 'tasker-dead-letters' and datname = current_database() and wait_event = 'advisory'";
    await eventually(
      "a command that waits",
      async () => (await this.harness.query(waitingSql)).length === 1,
    );
  }

  /** The numbers of dead letters and of steps in `payments`. */
  async counts(): Promise<number[]> {
    return [
      await this.harness.count("q_payments_dead_letter"),
      await this.harness.count("q_payments_queue"),
    ];
  }
}

function into(written: string[]): (line: string) => Promise<void> {
  return (line) => Promise.resolve(void written.push(line));
}

function failWith(code: string): () => Promise<never> {
  return () => Promise.reject(new OutputError(Object.assign(new Error("write"), { code })));
}
