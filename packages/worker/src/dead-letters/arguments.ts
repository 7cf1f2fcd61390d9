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
    value: "NAME",
    description: "the namespace; list shows all namespaces by default",
  },
  id: {
    type: "string",
    multiple: true,
    value: "MSG_ID",
    description: "one dead-letter message, by its id; may be repeated",
  },
  code: {
    type: "string",
    value: "CODE",
    description: "dead letters with this reason: step_failed, step_timeout, unreadable_message, …",
  },
  all: {
    type: "boolean",
    description: "all dead letters; retry and purge need --id, --code or --all",
  },
  limit: {
    type: "string",
    value: "N",
    description: "the most dead letters in total, the oldest first; list shows 100 by default",
  },
  "dry-run": {
    type: "boolean",
    description: "shows what would be changed, and changes nothing",
  },
  json: {
    type: "boolean",
    description:
      "prints one JSON object per line: each dead-letter message in full, and what was done",
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

const { namespace, id, code, limit, json } = options;
const program = "tasker-worker dead-letters";

/** `tasker-worker dead-letters …`. */
export const deadLettersCommands: readonly CommandDefinition[] = [
  {
    name: "dead-letters list",
    summary: "shows dead-letter messages by namespace, the oldest first",
    options: { namespace, id, code, limit, json },
    examples: [`${program} list --namespace orders`],
  },
  {
    name: "dead-letters retry",
    summary:
      "puts their steps back on the namespace's queue, with attempts counted from 1, and archives the dead letters",
    options,
    examples: [
      `${program} retry --namespace orders --id 17 --id 18`,
      `${program} retry --namespace orders --code step_timeout --dry-run`,
    ],
  },
  {
    name: "dead-letters purge",
    summary: "deletes dead letters permanently",
    options,
    examples: [`${program} purge --namespace orders --all --limit 1000`],
  },
];

const syntax = {
  command: program,
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
