import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { WorkerStartError } from "../start-error.js";
import type { StepHandlers } from "../running/step-handler.js";
import type { Worker } from "../worker.js";

/** What the module that `--handlers` names exports. */
export interface HandlersModule {
  readonly handlers: StepHandlers;
  /** Called once the worker runs. What it returns is called when the worker stops. */
  readonly started?: ((worker: Worker) => (() => void) | undefined) | undefined;
}

/** @throws WorkerStartError that says what the module lacks. */
export async function loadHandlers(path: string): Promise<HandlersModule> {
  const module = await importModule(path);
  const { handlers, started } = module;
  if (!isHandlers(handlers))
    throw new WorkerStartError(
      `${path} must export \`handlers\`: an object of async functions, by the callable that templates name.`,
    );
  if (started !== undefined && typeof started !== "function")
    throw new WorkerStartError(`${path} exports \`started\`, but not as a function.`);
  return { handlers, started: started as HandlersModule["started"] };
}

/** Tells the module that the worker runs. @throws WorkerStartError that says what the module threw. */
export function callStarted({ started }: HandlersModule, worker: Worker): (() => void) | undefined {
  try {
    const end = started?.(worker) as unknown;
    // An arrow function returns whatever its expression gives.
    return typeof end === "function" ? (end as () => void) : undefined;
  } catch (error) {
    throw new WorkerStartError(`\`started\` of the handlers module failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // An import would read a pipe or a device for ever. What is not there at all is said better by the import.
    if ((await stat(path).catch(() => null))?.isFile() === false)
      throw new Error("it is no regular file.");
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new WorkerStartError(
      `The handlers module ${path} could not be loaded: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function isHandlers(value: unknown): value is StepHandlers {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((handler) => typeof handler === "function")
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}
