import { type Problem, toProblem } from "../../problem.js";
import { describeStep, type StepView, type Subject } from "../subject.js";

/** A batch worker must depend on the batchable step that cuts its batches. */
export function batchWorkerRule({ steps }: Subject): readonly Problem[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  return steps.flatMap((step) => {
    if (step.type !== "batch_worker" || comesAfterBatchable(step, byName)) return [];
    const message = `${describeStep(step, "batch worker")} comes after no batchable step.`;
    return [
      toProblem({
        code: "batch_worker_without_batchable",
        path: [...step.path, "type"],
        message,
        hint: "Make it depend on a step of type batchable.",
      }),
    ];
  });
}

function comesAfterBatchable(
  worker: StepView,
  byName: ReadonlyMap<string | null, StepView>,
): boolean {
  const seen = new Set<StepView>([worker]);
  const open = [worker];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const { name } of step.dependencies) {
      const before = byName.get(name);
      if (before?.type === "batchable") return true;
      if (before === undefined || seen.has(before)) continue;
      seen.add(before);
      open.push(before);
    }
  }
  return false;
}
