import { type CommandResult, misuse } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach, toVerdict, toErrorVerdict } from "./probe-verdict.js";
import { callSocket, problemOfSocket } from "./socket-request.js";

const longestAnswer = 1_048_576;

export async function probeSocket({
  name,
  where,
  timeoutMs,
}: ProbeRequest): Promise<CommandResult> {
  const problem = await problemOfSocket(where);
  if (problem !== null) return misuse(problem);
  const method = `health_${name}`;
  const answer = await callSocket({ path: where, method, timeoutMs, longestAnswer });
  if (typeof answer === "string") return cannotReach(answer);
  const { result, error } = answer;
  return error === undefined
    ? toVerdict(name, result)
    : toErrorVerdict(name, String(error.data?.error), String(error.message));
}
