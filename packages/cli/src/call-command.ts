import { catalogue, didYouMean } from "@tasker-observability/core";
import { askWorker, type WorkerAnswer } from "./ask-worker.js";
import { type CommandResult, succeed } from "./command-result.js";
import { commands } from "./command-table.js";
import { formatJson } from "./format-json.js";
import { parseOptions, usageError } from "./parse-options.js";
import { toTarget } from "./worker-target.js";

/** `call OPERATION`. */
export async function runCall(args: readonly string[]): Promise<CommandResult> {
  const { values, words } = parseOptions(args, commands.call);
  const [operation, ...others] = words;
  if (operation === undefined || others.length > 0)
    throw usageError("call", "call takes one operation, such as health_detailed.");
  const params = toParams(values.params);
  const answer = await askWorker(toTarget(values, "call"), operation, params);
  if (answer.kind !== "result") return toFailure(withHint(answer, operation));
  const { value } = answer;
  return succeed(typeof value === "string" ? value.trimEnd() : formatJson(value));
}

/** What a command prints where the worker gave no result. */
export function toFailure({
  kind,
  message,
}: Exclude<WorkerAnswer, { kind: "result" }>): CommandResult {
  return { exitCode: kind === "error" ? 1 : 2, output: "", error: message };
}

function withHint(
  answer: Exclude<WorkerAnswer, { kind: "result" }>,
  operation: string,
): Exclude<WorkerAnswer, { kind: "result" }> {
  const hint = Object.hasOwn(catalogue, operation)
    ? undefined
    : didYouMean(operation, Object.keys(catalogue));
  return hint === undefined || answer.kind === "unreachable"
    ? answer
    : { ...answer, message: `${answer.message} ${hint}` };
}

function toParams(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const params: unknown = JSON.parse(text);
    if (typeof params === "object" && params !== null && !Array.isArray(params))
      return params as Readonly<Record<string, unknown>>;
  } catch {
    // It is no JSON, which is said below.
  }
  throw usageError("call", `--params takes a JSON object, such as '{"namespace":"orders"}'.`);
}
