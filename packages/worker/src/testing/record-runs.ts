import type { StepHandlerContext } from "../running/step-handler.js";

/** Keeps the runs of a handler, which then does what `act` says. */
export function recordRuns(
  act: (context: StepHandlerContext, input: unknown) => unknown = () => undefined,
) {
  const runs: StepHandlerContext["step"][] = [];
  const atMs: number[] = [];
  const Test = async (input: unknown, context: StepHandlerContext): Promise<unknown> => {
    runs.push(context.step);
    atMs.push(performance.now());
    return act(context, input);
  };
  return { handlers: { Test }, runs, atMs, attempts: () => runs.map((run) => run.attempt) };
}

export function fail(error: Error = new Error("no")): never {
  throw error;
}
