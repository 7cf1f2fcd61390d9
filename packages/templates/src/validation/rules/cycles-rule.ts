import { type Problem, toProblem } from "../../problem.js";
import { findCycles } from "../step-graph.js";
import type { StepView, Subject } from "../subject.js";

/** The most steps of a cycle that its message names. */
const mostNamed = 10;

/** No step may wait for itself. */
export function cyclesRule({ steps }: Subject): readonly Problem[] {
  return findCycles(steps).map(toCycleProblem);
}

function toCycleProblem(cycle: readonly StepView[]): Problem {
  const [first] = cycle;
  const named = cycle.slice(0, mostNamed).map(({ name }) => name);
  const more = cycle.length > mostNamed ? [`${cycle.length - mostNamed} more`] : [];
  const names = [...named, ...more, first?.name];
  const message =
    cycle.length === 1
      ? `The step ${JSON.stringify(first?.name)} depends on itself.`
      : `Steps wait for each other: ${names.join(" → ")}.`;
  return toProblem({
    code: "dependency_cycle",
    path: [...(first?.path ?? []), "dependencies"],
    message,
    hint: "Remove one of these dependencies.",
  });
}
