import {
  assertNamespaces,
  usageError,
  type CommandSyntax,
  parseCommand,
} from "../console/parse-command.js";

export const notificationsUsage = `tasker-worker notifications status|install|remove [options]

  status    shows whether inserts into the queues notify workers, and how
  install   adds a trigger that notifies workers at no cost to senders; it replaces PGMQ's own trigger
  remove    removes the trigger, and PGMQ's own: workers then find steps by polling

  --namespace <name>   the namespace of the queue; may be repeated; default: worker.namespaces
  --dry-run            prints the statements that install or remove would run, and runs none

Reads the same configuration as the worker.
`;

const options = {
  namespace: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
} as const;

const syntax = {
  command: "tasker-worker notifications",
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
