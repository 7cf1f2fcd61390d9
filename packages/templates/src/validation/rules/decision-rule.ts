import { type Problem, toProblem } from "../../problem.js";
import { describeStep, type StepView, type Subject } from "../subject.js";

/** A decision must depend on a step, and have outcomes: steps that depend on it, from which it chooses. */
export function decisionRule({ steps }: Subject): readonly Problem[] {
  const dependedOn = new Set(
    steps.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  return steps
    .filter(({ type }) => type === "decision")
    .flatMap((step) => [
      ...validateDependencies(step),
      ...(step.name === null || dependedOn.has(step.name) ? [] : [withoutOutcomes(step)]),
    ]);
}

function validateDependencies(step: StepView): readonly Problem[] {
  if (step.dependencies.length > 0) return [];
  return [
    toProblem({
      code: "decision_without_dependencies",
      path: [...step.path, "dependencies"],
      message: `${describeStep(step, "decision")} depends on no step. Tasker refuses this.`,
      hint: "Make it depend on the step whose result it looks at.",
    }),
  ];
}

function withoutOutcomes({ name, path }: StepView): Problem {
  return toProblem({
    severity: "warning",
    code: "decision_without_outcomes",
    path: [...path, "type"],
    message: `The decision ${JSON.stringify(name)} has no outcome: no step depends on it.`,
    hint: "Make the steps that it chooses from depend on it.",
  });
}
