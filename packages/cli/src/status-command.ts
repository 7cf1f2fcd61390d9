import { askWorker, type WorkerAnswer } from "./ask-worker.js";
import { toFailure } from "./call-command.js";
import type { CommandResult } from "./command-result.js";
import { commands } from "./command-table.js";
import { formatJson } from "./format-json.js";
import { formatStatus } from "./format-status.js";
import { outputWidth } from "./format-table.js";
import { parseOptions, usageError } from "./parse-options.js";
import { toTarget } from "./worker-target.js";
import { type HealthAnswer, toStatus } from "./worker-status.js";

/** `status`. */
export async function runStatus(args: readonly string[]): Promise<CommandResult> {
  const { values, words } = parseOptions(args, commands.status);
  if (words.length > 0) throw usageError("status", "status takes options only.");
  const target = toTarget(values, "status");
  const [ready, detailed, metrics] = await Promise.all(
    ["health_ready", "health_detailed", "metrics_worker"].map((name) => askWorker(target, name)),
  );
  const readiness = resultOf(ready);
  if (readiness === undefined) return toFailure(failureOf(ready));
  const status = toStatus({
    ready: readiness as HealthAnswer,
    detailed: resultOf(detailed) as HealthAnswer | undefined,
    metrics: resultOf(metrics),
  });
  return {
    exitCode: status.ready ? 0 : 1,
    output: values.json === true ? formatJson(status) : formatStatus(status, outputWidth()),
    // Where the worker keeps details behind a key, the screen has less: why is said beside it.
    error: [detailed, metrics].flatMap(problemOf)[0] ?? "",
  };
}

function resultOf(answer: WorkerAnswer | undefined): unknown {
  return answer?.kind === "result" ? answer.value : undefined;
}

function problemOf(answer: WorkerAnswer | undefined): readonly string[] {
  return answer === undefined || answer.kind === "result" ? [] : [answer.message];
}

function failureOf(answer: WorkerAnswer | undefined): Exclude<WorkerAnswer, { kind: "result" }> {
  return answer === undefined || answer.kind === "result"
    ? { kind: "unreachable", message: "cannot reach the worker" }
    : answer;
}
