import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { NodeBundle, SpawnedProcess } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { slotsOfRecordingWorker } from "../testing/recording-worker.js";
import {
  createWorkerHarness,
  eventually,
  messageOf,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import { bundleWorkerProgram, spawnProgram } from "../testing/worker-program.js";

const rounds = Number(process.env.TASKER_KILL_ROUNDS ?? "10");
const workersAtOnce = 2;
/** On the queue whenever a worker is killed. */
const stepsInFlight = 2_000;

let harness: WorkerHarness;
let bundle: NodeBundle;
beforeAll(async () => {
  [harness, bundle] = await Promise.all([
    createWorkerHarness(),
    bundleWorkerProgram("recording-worker.ts", "runRecordingWorker"),
  ]);
  await harness.query("create table runs (step_id text, worker int, attempt int)");
});
afterAll(async () => {
  await bundle.remove();
  await harness.close();
});

async function enqueue(messages: readonly object[]): Promise<void> {
  await harness.query(
    "select pgmq.send_batch('payments_queue', array(select jsonb_array_elements($1::jsonb)))",
    [JSON.stringify(messages)],
  );
}

/** Keeps so many workers running, whoever dies, and remembers who did. */
class Crew {
  readonly #workers = new Set<SpawnedProcess>();
  readonly died = new Set<number>();
  /** The output of those that ended without being asked to. */
  readonly failures: string[] = [];
  #isOver = false;

  constructor(size: number) {
    for (let worker = 0; worker < size; worker += 1) this.#add();
    onTestFinished(() => this.end());
  }

  #add(): void {
    const worker = spawnProgram(bundle, harness.database.url, harness.templates);
    this.#workers.add(worker);
    void worker.exited.then(({ signal }) => {
      this.#workers.delete(worker);
      if (this.#isOver) return;
      if (signal === "SIGKILL") {
        this.died.add(worker.pid);
        this.#add();
      } else this.failures.push(worker.stderr.text());
    });
  }

  /** Kills one that is at work; the poisonous step may be quicker. */
  async killOne(): Promise<void> {
    const [worker] = this.#workers;
    if (worker === undefined) return;
    await eventually(
      "a worker at work",
      async () =>
        !this.#workers.has(worker) ||
        (await harness.query("select from runs where worker = $1 limit 1", [worker.pid])).length >
          0,
    );
    await sleep(randomInt(0, 300));
    worker.kill("SIGKILL");
    await worker.exited;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(
      [...this.#workers].map(async (worker) => {
        worker.kill("SIGTERM");
        await worker.exited;
      }),
    );
  }
}

interface Repetition {
  readonly step_id: string;
  readonly worker: number;
  readonly next_worker: number;
}

it(
  `kill -9 at a random moment, ${rounds} times: no step is lost, and none is repeated but where a worker died`,
  async () => {
    await harness.query(
      "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter']) as name",
    );
    const crew = new Crew(workersAtOnce);
    const [failing, poison] = [messageOf("plain", "fail"), messageOf("plain", "poison")] as {
      step_id: string;
    }[];
    await enqueue([failing!, poison!]);
    let total = 2;
    for (let round = 0; round < rounds; round += 1) {
      const missing = Math.max(1, stepsInFlight - (await harness.count("q_payments_queue")));
      await enqueue(Array.from({ length: missing }, () => messageOf("plain")));
      total += missing;
      await crew.killOne();
    }
    await eventually(
      "the end of all steps",
      async () => crew.failures.length > 0 || (await harness.count("q_payments_queue")) === 0,
      60_000 + rounds * 2_000,
    );
    await crew.end();
    expect(crew.failures).toEqual([]);

    const deadLetters = await harness.deadLetters();
    expect(await harness.count("a_payments_queue")).toBe(total);
    expect(
      Number(
        (await harness.query("select count(distinct msg_id) as n from pgmq.a_payments_queue"))[0]!
          .n,
      ),
    ).toBe(total);
    const codeOf = (step: { readonly step_id: string }): string | undefined =>
      deadLetters.find(({ message }) => (message as { step_id: string }).step_id === step.step_id)
        ?.reason.code;
    // Its last attempt may have died with a worker, as every attempt of the poisonous one did.
    expect(["step_failed", "attempts_exhausted"]).toContain(codeOf(failing!));
    expect(codeOf(poison!)).toBe("attempts_exhausted");
    // A step that was under way on three workers that died has used its attempts; nothing else may be given up.
    expect(
      deadLetters.filter(
        ({ reason, message }) =>
          reason.code !== "attempts_exhausted" &&
          (message as { step_id: string }).step_id !== failing!.step_id,
      ),
    ).toEqual([]);

    const notRun = await harness.query(
      "select message->>'step_id' from pgmq.a_payments_queue where message->>'step_id' not in (select step_id from runs) and message->>'step_id' not in (select message#>>'{message,step_id}' from pgmq.q_payments_dead_letter)",
    );
    expect(notRun).toEqual([]);
    const repeated = await harness.query<Repetition>(
      "select * from (select step_id, worker, lead(worker) over (partition by step_id order by attempt) as next_worker from runs where step_id <> $1) as pairs where next_worker is not null",
      [failing!.step_id],
    );
    process.stdout.write(
      `${total} steps, ${crew.died.size} workers killed, ${repeated.length} runs repeated, ${deadLetters.length} dead letters\n`,
    );
    // Whoever was killed was at work.
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.filter(({ worker }) => !crew.died.has(worker))).toEqual([]);
    expect(crew.died.size).toBeGreaterThanOrEqual(rounds);
  },
  120_000 + rounds * 5_000,
);

it("several workers share a backlog: each runs some of it, and no step is run twice", async () => {
  await harness.query("truncate runs");
  const workers = 3;
  // One more than fits into all but one of them, and none ends before each has come to some.
  const meeting = Array.from({ length: (workers - 1) * slotsOfRecordingWorker + 1 }, () =>
    messageOf("plain", { workers }),
  );
  await enqueue([...meeting, ...Array.from({ length: 1_000 }, () => messageOf("plain"))]);
  const crew = new Crew(workers);
  await eventually(
    "the end of all steps",
    async () => (await harness.count("q_payments_queue")) === 0,
    60_000,
  );
  await crew.end();
  const [runs] = await harness.query(
    "select count(*)::int as runs, count(distinct step_id)::int as steps, count(distinct worker)::int as workers from runs",
  );
  expect(runs).toEqual({ runs: meeting.length + 1_000, steps: meeting.length + 1_000, workers });
});
