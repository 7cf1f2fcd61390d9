import { parseArgs } from "node:util";
import { isNamespace } from "@tasker-observability/templates";
import { argumentProblem, repetitionProblem } from "../console/argument-problem.js";
import { WorkerStartError } from "../start-error.js";

export const deadLettersUsage = `tasker-worker dead-letters list|retry|purge [options]

  list    shows the dead letters, one namespace after the other, the oldest first
  retry   puts their messages back on the queue of their namespace, attempts counted anew, and archives the letters
  purge   deletes them for good

  --namespace <name>   whose dead letters; list shows all where it is left out
  --id <msg_id>        one letter, by its own id; may be repeated
  --code <code>        those with this reason: step_failed, step_timeout, unreadable_message, …
  --all                all of them: retry and purge need --id, --code or --all
  --limit <n>          at most so many in all, the oldest first; list: 100 where it is left out
  --dry-run            says what retry or purge would do, and does nothing
  --json               one JSON object a line: the letters, with their messages and those' input, and what was done

The configuration is read as the worker reads it.
`;

/** What is to be done, and with which letters. */
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
  /** null: of all namespaces. */
  readonly namespace: string | null;
}

export interface ChangeRequest extends CommonRequest {
  readonly action: "retry" | "purge";
  readonly namespace: string;
}

/**
 * @returns null where help was asked for.
 * @throws WorkerStartError that says which argument is wrong.
 */
export function parseDeadLettersArguments(args: readonly string[]): DeadLettersRequest | null {
  const { values, positionals, tokens } = parse(args);
  if (values.help === true) return null;
  const [action, ...rest] = positionals;
  if ((action !== "list" && action !== "retry" && action !== "purge") || rest.length > 0)
    throw wrong("Say list, retry or purge.");
  const repetition = repetitionProblem(tokens, ["id"]);
  if (repetition !== null) throw wrong(repetition);
  const { namespace = null, id: ids = null, code = null } = values;
  if (namespace !== null && !isNamespace(namespace))
    throw wrong(
      "--namespace must be a namespace: a lower-case letter, then lower-case letters, digits and _.",
    );
  if (code === "") throw wrong("--code must be a reason's code, as list shows it.");
  if (values.all === true && (ids !== null || code !== null))
    throw wrong("--all takes them all: leave it out, or --id and --code.");
  if (ids !== null && !ids.every(isId))
    throw wrong("--id must be the whole number that list shows.");
  const letters = {
    ids,
    code,
    limit: toLimit(values.limit, action),
    dryRun: values["dry-run"] === true,
    json: values.json === true,
  };
  if (action === "list") {
    assertListOptions(values);
    return { action, namespace, ...letters };
  }
  assertExplicitChoice(namespace, ids !== null || code !== null || values.all === true);
  return { action, namespace, ...letters };
}

const options = {
  namespace: { type: "string" },
  id: { type: "string", multiple: true },
  code: { type: "string" },
  all: { type: "boolean" },
  limit: { type: "string" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, tokens: true, options });
  } catch (error) {
    throw wrong(argumentProblem(error));
  }
}

function assertListOptions(values: Readonly<{ all?: boolean; "dry-run"?: boolean }>): void {
  const needless = (["all", "dry-run"] as const).find((name) => values[name] === true);
  if (needless !== undefined) throw wrong(`--${needless} is for retry and purge.`);
}

function assertExplicitChoice(
  namespace: string | null,
  isChosen: boolean,
): asserts namespace is string {
  if (namespace === null) throw wrong("Say whose dead letters: --namespace <name>.");
  if (!isChosen) throw wrong("Say which dead letters: --id <msg_id>, --code <code> or --all.");
}

function toLimit(text: string | undefined, action: DeadLettersRequest["action"]): number | null {
  if (text === undefined) return action === "list" ? 100 : null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong("--limit must be a whole number of at least 1.");
  return Number(text);
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}

function wrong(message: string): WorkerStartError {
  return new WorkerStartError(`${message} See tasker-worker dead-letters --help.`);
}
