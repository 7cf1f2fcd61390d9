import { inProcess, invoke } from "@tasker-observability/core";
import type { DeadLettersList, FleetList, RunningStepsList } from "@tasker-observability/work";
import { describe, expect, it } from "vitest";
import { useWorkerHarness } from "../testing/use-worker-harness.js";
import { eventually, stepNamed, type TestWorker } from "../testing/worker-harness.js";

const harness = useWorkerHarness();

const call = async <Answer>({ worker }: TestWorker, name: string, params = {}): Promise<Answer> =>
  (await invoke(worker.operations[name]!, params, inProcess)) as Answer;

describe("a worker's work", () => {
  it("shows a step while its handler runs, and whether it is overdue", async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const test = await harness.start({ handlers: { Test: () => finished } });
    await test.worker.enqueue(stepNamed("hurried"), stepNamed("plain"));
    const running = (): Promise<RunningStepsList> => call(test, "steps_running");
    await eventually("both steps, one overdue", async () => {
      const { steps } = await running();
      return steps.length === 2 && steps.some(({ is_overdue }) => is_overdue);
    });
    const { steps, total } = await running();
    expect(total).toBe(2);
    expect(steps.find(({ step }) => step === "hurried")).toMatchObject({
      namespace: "payments",
      template: "refund",
      attempt: 1,
      max_attempts: 1,
      timeout_ms: 200,
      is_overdue: true,
    });
    finish();
    await eventually("no step", async () => (await running()).total === 0);
    await eventually(
      "the dead letter of the step that was overdue",
      async () => (await harness.count("q_payments_dead_letter")) === 1,
    );
    const all = { namespace: "payments", all: true };
    expect(await call(test, "dead_letters_purge", all)).toMatchObject({ count: 1 });
  });

  it("pauses and resumes", async () => {
    const test = await harness.start({ handlers: { Test: async () => "done" } });
    expect(await call(test, "worker_pause")).toEqual({ state: "paused" });
    await test.worker.enqueue(stepNamed("plain"));
    expect(await harness.count("q_payments_queue")).toBe(1);
    expect(await call(test, "worker_resume")).toEqual({ state: "running" });
    await eventually("an empty queue", async () => (await harness.count("q_payments_queue")) === 0);
  });

  it("shows a step that failed for good, and puts it back on its queue", async () => {
    let isBroken = true;
    const handlers = {
      Test: async () => {
        if (isBroken) throw new Error("the card with password=hunter2hunter2 was refused");
      },
    };
    const test = await harness.start({ handlers });
    await test.worker.enqueue(stepNamed("once"));
    const list = (): Promise<DeadLettersList> => call(test, "dead_letters_list");
    await eventually("a dead letter", async () => (await list()).dead_letters.length === 1);
    const [letter] = (await list()).dead_letters;
    expect(letter).toMatchObject({ namespace: "payments", step: "once", code: "step_failed" });
    expect(letter!.message).toContain("was refused");
    expect(letter!.message).not.toContain("hunter2");
    isBroken = false;
    const choice = { namespace: "payments", ids: [letter!.id] };
    expect(await call(test, "dead_letters_redrive", choice)).toMatchObject({ count: 1 });
    await eventually(
      "a step that was done",
      async () => (await harness.count("a_payments_queue")) >= 1,
    );
    expect((await list()).dead_letters).toEqual([]);
  });

  it("is in the fleet from its start to its stop, as any worker of the database sees it", async () => {
    const fleet = { fleet: true };
    const first = await harness.start({ workerId: "one", ...fleet });
    const second = await harness.start({ workerId: "two", version: "2.4.1", ...fleet });
    const list = (state?: string): Promise<FleetList> => call(first, "fleet_list", { state });
    await eventually("both workers", async () => (await list("running")).total === 2);
    expect((await list()).workers).toMatchObject([
      { worker_id: "one", namespaces: ["payments"], status: "healthy", url: null },
      { worker_id: "two", version: "2.4.1", slots: { total: 10 }, pid: process.pid },
    ]);
    await second.worker.stop();
    expect((await list()).workers.map(({ worker_id }) => worker_id)).toEqual(["one"]);
  });
});
