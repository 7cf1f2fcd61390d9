import { ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import { allSteps } from "../../resolve/apply-environment.js";
import type { StepView, Subject } from "../subject.js";

/** There must be steps, each with a unique name. */
export function stepNamesRule({ template, steps }: Subject): readonly Problem[] {
  const listed = ownValue(template, "steps") ?? [];
  if (Array.isArray(listed) && listed.length === 0)
    return [
      toProblem({ code: "no_steps", path: ["steps"], message: "The template has no steps." }),
    ];
  const seen = new Set<string>();
  return steps.flatMap((step) => {
    const problem = validateName(step, seen);
    if (step.name !== null) seen.add(step.name);
    return problem === null ? [] : [problem];
  });
}

function validateName({ name, path, step }: StepView, seen: ReadonlySet<string>): Problem | null {
  const at = [...path, "name"];
  if (name === null) {
    // validateShape reports names that are not strings.
    const isMissing = (ownValue(step, "name") ?? "") === "";
    return isMissing
      ? toProblem({ code: "missing_step_name", path: at, message: "The step has no name." })
      : null;
  }
  if (name === allSteps)
    return toProblem({
      code: "reserved_step_name",
      path: at,
      message: `No step can be named ${allSteps}.`,
      hint: "In overrides it means every step.",
    });
  if (!seen.has(name)) return null;
  return toProblem({
    code: "duplicate_step_name",
    path: at,
    message: `Another step is already named ${JSON.stringify(name)}.`,
    hint: "Dependencies and overrides find steps by name.",
  });
}
