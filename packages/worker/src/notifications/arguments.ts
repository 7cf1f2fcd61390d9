import { parseArgs } from "node:util";
import { isNamespace } from "@tasker-observability/templates";
import { argumentProblem, repetitionProblem } from "../console/argument-problem.js";
import { WorkerStartError } from "../start-error.js";

export const notificationsUsage = `tasker-worker notifications status|install|remove [options]

  status    shows how inserts into the queues notify workers
  install   has them notify by a trigger that costs senders nothing, also in place of PGMQ's own
  remove    removes the trigger, and PGMQ's own: polling finds the steps

  --namespace <name>   whose queue; may be repeated; worker.namespaces where it is left out
  --dry-run            prints the statements that install or remove would run, and runs none

The configuration is read as the worker reads it.
`;

/** What is to be done, and with whose queues. */
export interface NotificationsRequest {
  readonly action: "status" | "install" | "remove";
  /** Null: those of the configuration. */
  readonly namespaces: readonly string[] | null;
  readonly dryRun: boolean;
}

/**
 * @returns null where help was asked for.
 * @throws WorkerStartError that says which argument is wrong.
 */
export function parseNotificationsArguments(args: readonly string[]): NotificationsRequest | null {
  const { values, positionals, tokens } = parse(args);
  if (values.help === true) return null;
  const [action, ...rest] = positionals;
  if ((action !== "status" && action !== "install" && action !== "remove") || rest.length > 0)
    throw wrong("Say status, install or remove.");
  const repetition = repetitionProblem(tokens, ["namespace"]);
  if (repetition !== null) throw wrong(repetition);
  const { namespace: namespaces = null, "dry-run": dryRun = false } = values;
  if (namespaces !== null && !namespaces.every(isNamespace))
    throw wrong(
      "--namespace must be a namespace: a lower-case letter, then lower-case letters, digits and _.",
    );
  if (dryRun && action === "status") throw wrong("--dry-run is for install and remove.");
  return { action, namespaces, dryRun };
}

const options = {
  namespace: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, tokens: true, options });
  } catch (error) {
    throw wrong(argumentProblem(error));
  }
}

function wrong(message: string): WorkerStartError {
  return new WorkerStartError(`${message} See tasker-worker notifications --help.`);
}
