import { type Problem, toProblem } from "../../problem.js";
import type { Subject } from "../subject.js";

/** A decision has outcomes: steps that depend on it, for it to choose from. */
export function decisionRule({ steps }: Subject): readonly Problem[] {
  const dependedOn = new Set(
    steps.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  return steps.flatMap(({ path, name, type }) => {
    if (type !== "decision" || name === null || dependedOn.has(name)) return [];
    const message = `The decision ${JSON.stringify(name)} has no outcome: no step depends on it.`;
    return [
      toProblem({
        code: "decision_without_outcomes",
        path: [...path, "type"],
        message,
        hint: "Let the steps that it chooses from depend on it.",
      }),
    ];
  });
}
