import { type Problem, toProblem } from "../../problem.js";
import { findBlockedSteps } from "../step-graph.js";
import type { Subject } from "../subject.js";

/** Every step must be able to run: nothing before it may wait forever. */
export function reachabilityRule({ steps }: Subject): readonly Problem[] {
  return findBlockedSteps(steps).map(({ step, by }) =>
    toProblem({
      code: "unreachable_step",
      path: [...step.path, "dependencies"],
      message: `The step ${JSON.stringify(step.name)} can never run: it depends on ${JSON.stringify(by)}, which never does.`,
    }),
  );
}
