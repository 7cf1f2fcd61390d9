import { type Problem, toProblem } from "../../problem.js";
import { findCycles } from "../step-graph.js";
import type { StepView, Subject } from "../subject.js";

/** No step waits for itself. */
export function cyclesRule({ steps }: Subject): readonly Problem[] {
  return findCycles(steps).map(toCycleProblem);
}

function toCycleProblem(cycle: readonly StepView[]): Problem {
  const [first] = cycle;
  const names = [...cycle, ...cycle.slice(0, 1)].map(({ name }) => name);
  const message = cycle.length === 1 ? `The step ${JSON.stringify(first?.name)} depends on itself.` : `Steps wait for each other: ${names.join(" → ")}.`;
  return toProblem({ code: "dependency_cycle", path: [...(first?.path ?? []), "dependencies"], message, hint: "Take one of these dependencies out." });
}
