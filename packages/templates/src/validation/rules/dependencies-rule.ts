import { didYouMean } from "@tasker-observability/core";
import { type Problem, toProblem } from "../../problem.js";
import { describeStep, type StepView, type Subject } from "../subject.js";

/** Every dependency of a step must exist, and be listed once. */
export function dependenciesRule({ steps }: Subject): readonly Problem[] {
  const names = new Set(steps.map(({ name }) => name).filter((name) => name !== null));
  return steps.flatMap((step) => validateDependencies(step, names));
}

function validateDependencies(step: StepView, names: ReadonlySet<string>): readonly Problem[] {
  const seen = new Set<string>();
  return step.dependencies.flatMap(({ name, path }) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    if (isRepeated)
      return [
        toProblem({
          severity: "warning",
          code: "duplicate_dependency",
          path,
          message: `${JSON.stringify(name)} is listed twice.`,
        }),
      ];
    if (names.has(name)) return [];
    const message = `${describeStep(step, "step")} depends on ${JSON.stringify(name)}, but no step has that name.`;
    return [
      toProblem({ code: "unknown_dependency", path, message, hint: didYouMean(name, names) }),
    ];
  });
}
