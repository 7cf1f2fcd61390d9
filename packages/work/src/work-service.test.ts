import {
  createWorkerContext,
  type DeadLetterChoice,
  type DeadLetterStore,
  inProcess,
  invoke,
  type Ports,
  type QueueStatistics,
} from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { createWorkService, type WorkService } from "./index.js";

const queue: QueueStatistics = {
  namespace: "orders",
  queue_name: "orders_queue",
  state: "readable",
  depth: 4,
  visible_depth: 3,
  oldest_message_age_seconds: 9,
  oldest_visible_age_seconds: 8,
  depth_estimated: false,
};

function serviceWith(ports: Partial<Ports>): WorkService {
  return createWorkService({
    context: createWorkerContext({ namespaces: ["orders"], ports, clock: createFakeClock() }),
  });
}

function storeWith(parts: Partial<DeadLetterStore>): DeadLetterStore {
  const refuse = async (): Promise<never> => Promise.reject(new Error("not asked for"));
  return { list: refuse, redrive: refuse, purge: refuse, ...parts };
}

describe("queues_list", () => {
  it("shows the queues beside how fast their steps end in this worker", async () => {
    const work = serviceWith({ queues: { statistics: async () => [queue] } });
    const recorder = work.context.steps.recorder("orders", "ship", "pack");
    for (const outcome of ["completed", "completed", "failed"] as const)
      recorder.finished(outcome, 1);
    expect(await work.queues()).toEqual({
      queues: [{ ...queue, steps_per_second: 3 / 60, failed_per_second: 1 / 60 }],
      dead_letters: [],
    });
  });

  it("counts no step that ended more than a minute ago, or after the service was closed", async () => {
    const clock = createFakeClock();
    const ports = { queues: { statistics: async () => [queue] } };
    const context = createWorkerContext({ ports, clock });
    const work = createWorkService({ context });
    context.steps.recorder("orders").finished("completed", 1);
    await clock.advance(61_000);
    expect((await work.queues()).queues[0]?.steps_per_second).toBe(0);
    work.close();
    context.steps.recorder("orders").finished("completed", 1);
    expect((await work.queues()).queues[0]?.steps_per_second).toBe(0);
  });

  it("says that the database failed, without its words", async () => {
    const statistics = async () => Promise.reject(new Error("connect ECONNREFUSED db.internal"));
    await expect(serviceWith({ queues: { statistics } }).queues()).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
      message: "The database did not answer: try again.",
    });
  });
});

describe("steps_running", () => {
  it("passes the limit on", async () => {
    const list = vi.fn(() => ({ steps: [], total: 12 }));
    const work = serviceWith({ runningSteps: { list } });
    expect(await work.runningSteps({ limit: 2 })).toEqual({ steps: [], total: 12, limit: 2 });
    expect(list).toHaveBeenCalledWith(2);
  });
});

describe("dead_letters_list", () => {
  const letter = {
    namespace: "orders",
    id: "9007199254740993",
    dead_lettered_at: "2025-01-01T00:00:00.000Z",
    attempts: 3,
    template: "ship",
    step: "pack",
    step_id: "s-1",
    code: "step_failed",
    message: "password=hunter2hunter2 was refused",
  };

  it("masks secrets in reasons", async () => {
    const list = async () => ({ dead_letters: [letter], next_before: "17.orders.4" });
    const answer = await serviceWith({ deadLetterStore: storeWith({ list }) }).deadLetters();
    expect(answer).toMatchObject({ limit: 100, next_before: "17.orders.4" });
    expect(answer.dead_letters[0]?.id).toBe(letter.id);
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  it("refuses a namespace that the worker does not serve, and a cursor that no page gave", async () => {
    const work = serviceWith({ deadLetterStore: storeWith({}) });
    await expect(work.deadLetters({ namespace: "strangers" })).rejects.toMatchObject({
      code: "NAMESPACE_NOT_SUPPORTED",
    });
    await expect(work.deadLetters({ before: "yesterday" })).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message:
        "deadLetters rejected its params: before: must be the next_before of the page before",
    });
  });
});

describe.each([
  ["dead_letters_redrive", "redrive"],
  ["dead_letters_purge", "purge"],
] as const)("%s", (_name, method) => {
  function recording() {
    const choices: DeadLetterChoice[] = [];
    const change = async (choice: DeadLetterChoice) => {
      choices.push(choice);
      return { count: 2, missing_ids: ["3"] };
    };
    return { choices, work: serviceWith({ deadLetterStore: storeWith({ [method]: change }) }) };
  }

  it("takes ids as an array or as text, a code, or all", async () => {
    const { choices, work } = recording();
    expect(await work[method]({ namespace: "orders", ids: "1,2,3" })).toEqual({
      namespace: "orders",
      dry_run: false,
      count: 2,
      missing_ids: ["3"],
    });
    await work[method]({ namespace: "orders", ids: ["1", "2"], code: "step_failed", limit: 5 });
    await work[method]({ namespace: "orders", all: true, dry_run: true });
    expect(choices).toEqual([
      { namespace: "orders", ids: ["1", "2", "3"], dryRun: false },
      { namespace: "orders", ids: ["1", "2"], code: "step_failed", limit: 5, dryRun: false },
      { namespace: "orders", dryRun: true },
    ]);
  });

  it.each([
    [{ namespace: "orders" }, "say which: ids, code or all"],
    [{ namespace: "orders", all: true, code: "x" }, "all cannot be combined with ids or code"],
    [
      { namespace: "orders", ids: "1,x" },
      "must be 1 to 10000 ids, as the list of dead letters shows them",
    ],
    [{ namespace: "orders", ids: [] }, "ids"],
    [{ all: true }, "namespace"],
  ])("changes nothing if it is asked for %j", async (params, problem) => {
    const { choices, work } = recording();
    await expect(work[method](params as never)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.stringContaining(problem) as string,
    });
    expect(choices).toEqual([]);
  });
});

describe("worker_pause and worker_resume", () => {
  it("switch the processor and say its state", async () => {
    let state: "running" | "paused" = "running";
    const work = serviceWith({
      commandProcessor: {
        state: () => state,
        heartbeat: null,
        slots: () => null,
        pause: () => void (state = "paused"),
        resume: () => void (state = "running"),
      },
    });
    const { worker_pause, worker_resume } = work.operations;
    expect(await invoke(worker_pause, {}, inProcess)).toEqual({ state: "paused" });
    expect(await invoke(worker_resume, {}, inProcess)).toEqual({ state: "running" });
  });
});

describe("fleet_list", () => {
  it("passes the filter and the page on, and the answer back", async () => {
    const counts = { starting: 0, running: 3, paused: 0, draining: 0, lost: 1 };
    const list = vi.fn(async () => ({
      workers: [],
      total: 3,
      counts,
      duplicate_worker_ids: ["a"],
    }));
    const work = serviceWith({ fleet: { list } });
    expect(await work.fleet({ state: "lost", offset: 2 })).toEqual({
      workers: [],
      total: 3,
      limit: 100,
      offset: 2,
      counts,
      duplicate_worker_ids: ["a"],
    });
    expect(list).toHaveBeenCalledWith(
      { state: "lost", limit: 100, offset: 2 },
      expect.any(AbortSignal),
    );
  });
});

it("answers SERVICE_NOT_INSTALLED for what the worker has no port for", async () => {
  const { operations } = serviceWith({});
  for (const operation of Object.values(operations)) {
    const params = operation.name.startsWith("dead_letters_")
      ? { namespace: "orders", ...(operation.access === "write" ? { all: true } : {}) }
      : {};
    await expect(invoke(operation, params, inProcess), operation.name).rejects.toMatchObject({
      code: "SERVICE_NOT_INSTALLED",
    });
  }
});
