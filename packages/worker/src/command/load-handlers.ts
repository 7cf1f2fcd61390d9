import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { areFunctions } from "../options/option-types.js";
import { CommandError } from "../console/command-error.js";
import type { StepHandler, StepHandlers } from "../running/step-handler.js";
import type { Worker } from "../worker.js";

/** The exports of the module that `--handlers` names. */
export interface HandlersModule {
  readonly handlers: StepHandlers;
  /** Called once the worker runs. The function that it returns is called when the worker stops. */
  readonly started?: ((worker: Worker) => (() => void) | undefined) | undefined;
}

/** @throws CommandError that says what is wrong with the module. */
export async function loadHandlers(path: string): Promise<HandlersModule> {
  const module = await importModule(path);
  const { handlers, started } = module;
  if (!areFunctions<StepHandler>(handlers))
    throw new CommandError(
      `${path} must export \`handlers\`: an object of async functions, keyed by the callables that templates name.`,
    );
  if (started !== undefined && typeof started !== "function")
    throw new CommandError(`${path} exports \`started\`, which must be a function.`);
  return { handlers, started: started as HandlersModule["started"] };
}

/** Calls the module's `started`. @throws CommandError with the message that it threw. */
export function callStarted({ started }: HandlersModule, worker: Worker): (() => void) | undefined {
  try {
    const end = started?.(worker) as unknown;
    // An arrow function may return any value.
    return typeof end === "function" ? (end as () => void) : undefined;
  } catch (error) {
    throw new CommandError(`\`started\` of the handlers module failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // An import would read a pipe or a device forever. The import has the better message for a missing file.
    if ((await stat(path).catch(() => null))?.isFile() === false)
      throw new Error("it is not a regular file.");
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CommandError(`The handlers module ${path} could not be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}
