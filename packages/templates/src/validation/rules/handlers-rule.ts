import { didYouMean } from "@tasker-observability/core";
import { type Problem, toProblem } from "../../problem.js";
import type { Subject } from "../subject.js";

/** This worker must have the handlers that the steps name. */
export function handlersRule({ steps, handlers }: Subject): readonly Problem[] {
  if (handlers === null) return [];
  return steps.flatMap(({ path, callable }) => {
    if (callable === null || handlers.has(callable)) return [];
    const hint =
      didYouMean(callable, handlers.names()) ??
      "Register it, or run the step in a worker that has it.";
    return [
      toProblem({
        code: "unknown_handler",
        path: [...path, "handler", "callable"],
        message: `No handler is registered as ${JSON.stringify(callable)}.`,
        hint,
      }),
    ];
  });
}
