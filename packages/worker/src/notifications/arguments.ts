import type { CommandDefinition, CommandOption } from "@tasker-observability/core/command-line";
import {
  assertNamespaces,
  usageError,
  type CommandSyntax,
  parseCommand,
} from "../console/parse-command.js";

const options = {
  namespace: {
    type: "string",
    multiple: true,
    value: "NAME",
    description: "the namespace of the queue; may be repeated; default: worker.namespaces",
  },
  "dry-run": {
    type: "boolean",
    description: "prints the statements that would run, and runs none",
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

const program = "tasker-worker notifications";

/** `tasker-worker notifications …`. */
export const notificationsCommands: readonly CommandDefinition[] = [
  {
    name: "notifications status",
    summary: "shows whether inserts into the queues notify workers, and how",
    options: { namespace: options.namespace },
    examples: [`${program} status --namespace orders`],
  },
  {
    name: "notifications install",
    summary:
      "adds a trigger that notifies workers at no cost to senders; it replaces PGMQ's own trigger",
    options,
    examples: [`${program} install --namespace orders --dry-run`],
  },
  {
    name: "notifications remove",
    summary: "removes the trigger, and PGMQ's own: workers then find steps by polling",
    options,
    examples: [`${program} remove --namespace orders`],
  },
];

const syntax = {
  command: program,
  actions: ["status", "install", "remove"],
  options,
} as const satisfies CommandSyntax<string, typeof options>;

/** The action, and the queues to which it applies. */
export interface NotificationsRequest {
  readonly action: (typeof syntax.actions)[number];
  /** Null: the configured ones. */
  readonly namespaces: readonly string[] | null;
  readonly dryRun: boolean;
}

/**
 * @returns null if help was asked for.
 * @throws CommandError that names the wrong argument.
 */
export function parseNotificationsArguments(args: readonly string[]): NotificationsRequest | null {
  const parsed = parseCommand(args, syntax);
  if (parsed === null) return null;
  const { action, values } = parsed;
  const { namespace: namespaces = null, "dry-run": dryRun = false } = values;
  if (namespaces !== null) assertNamespaces(namespaces, syntax);
  if (dryRun && action === "status")
    throw usageError(syntax, "--dry-run works only with install and remove.");
  return { action, namespaces, dryRun };
}
