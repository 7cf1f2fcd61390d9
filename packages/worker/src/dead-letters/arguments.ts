import {
  assertNamespaces,
  usageError,
  type CommandSyntax,
  parseCommand,
} from "../console/parse-command.js";

export const deadLettersUsage = `tasker-worker dead-letters list|retry|purge [options]

  list    shows dead-letter messages by namespace, the oldest first
  retry   puts their steps back on the namespace's queue, with attempts counted from 1, and archives the dead letters
  purge   deletes them permanently

  --namespace <name>   the namespace; list shows all namespaces by default
  --id <msg_id>        one dead-letter message, by its id; may be repeated
  --code <code>        dead letters with this reason: step_failed, step_timeout, unreadable_message, …
  --all                all dead letters; retry and purge need --id, --code or --all
  --limit <n>          the most dead letters in total, the oldest first; list shows 100 by default
  --dry-run            shows what retry or purge would change, and changes nothing
  --json               prints one JSON object per line: each dead-letter message in full, and what was done

Reads the same configuration as the worker.
`;

const options = {
  namespace: { type: "string" },
  id: { type: "string", multiple: true },
  code: { type: "string" },
  all: { type: "boolean" },
  limit: { type: "string" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
} as const;

const syntax = {
  command: "tasker-worker dead-letters",
  actions: ["list", "retry", "purge"],
  options,
} as const satisfies CommandSyntax<string, typeof options>;

/** The action, and the dead-letter messages to which it applies. */
export type DeadLettersRequest = ListRequest | ChangeRequest;

interface CommonRequest {
  readonly ids: readonly string[] | null;
  readonly code: string | null;
  readonly limit: number | null;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export interface ListRequest extends CommonRequest {
  readonly action: "list";
  /** Null: all namespaces. */
  readonly namespace: string | null;
}

export interface ChangeRequest extends CommonRequest {
  readonly action: "retry" | "purge";
  readonly namespace: string;
}

/**
 * @returns null if help was asked for.
 * @throws CommandError that names the wrong argument.
 */
export function parseDeadLettersArguments(args: readonly string[]): DeadLettersRequest | null {
  const parsed = parseCommand(args, syntax);
  if (parsed === null) return null;
  const { action, values } = parsed;
  const { namespace = null, id: ids = null, code = null } = values;
  if (namespace !== null) assertNamespaces([namespace], syntax);
  if (code === "") throw wrong("--code must be a reason code, as list shows it.");
  if (values.all === true && (ids !== null || code !== null))
    throw wrong("--all cannot be combined with --id or --code: use one or the other.");
  if (ids !== null && !ids.every(isId)) throw wrong("--id must be a message id, as list shows it.");
  const request = {
    ids,
    code,
    limit: toLimit(values.limit, action),
    dryRun: values["dry-run"] === true,
    json: values.json === true,
  };
  if (action === "list") {
    assertListOptions(values);
    return { action, namespace, ...request };
  }
  assertExplicitChoice(namespace, ids !== null || code !== null || values.all === true);
  return { action, namespace, ...request };
}

function assertListOptions(values: Readonly<{ all?: boolean; "dry-run"?: boolean }>): void {
  const misplaced = (["all", "dry-run"] as const).find((name) => values[name] === true);
  if (misplaced !== undefined) throw wrong(`--${misplaced} works only with retry and purge.`);
}

function assertExplicitChoice(
  namespace: string | null,
  isExplicit: boolean,
): asserts namespace is string {
  if (namespace === null) throw wrong("retry and purge need a namespace: --namespace <name>.");
  if (!isExplicit) throw wrong("Choose the dead letters: --id <msg_id>, --code <code> or --all.");
}

function toLimit(text: string | undefined, action: DeadLettersRequest["action"]): number | null {
  if (text === undefined) return action === "list" ? 100 : null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong("--limit must be a whole number of at least 1.");
  return Number(text);
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}

function wrong(message: string): Error {
  return usageError(syntax, message);
}
