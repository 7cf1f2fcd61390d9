import type { z } from "zod";
import type { AccessPolicy, Caller } from "./access-policy.js";
import type { Lifecycle } from "./lifecycle.js";
import { type ErrorCode, ObservabilityError } from "./errors.js";
import { type Operation, takesParams, type Verdict } from "./operation.js";
import { type CallOptions, runWithin } from "./running-call.js";

/** An answer as bytes go out: equal on every transport. */
export interface Answer {
  readonly body: string;
  readonly mediaType: string;
  readonly verdict: Verdict;
}

/** The caller in the same process, who may do everything. */
export const inProcess: Caller = Object.freeze({ transport: "in_process", rights: Object.freeze(["read", "write"] as const) });

/**
 * Calls an operation the one way there is: lifecycle, policy, params, run, translation of errors.
 *
 * @param params - untrusted; the operation's schema reads them. Absent means none.
 * @throws ObservabilityError always, and nothing else; TIMEOUT once the budget is spent.
 */
export async function invoke<O extends Operation>(
  operation: O,
  params: unknown,
  caller: Caller,
  options: CallOptions = {},
  policy?: AccessPolicy,
): Promise<z.output<O["result"]>> {
  try {
    refuseUnlessUp(operation.context.lifecycle.current());
    refuseUnlessAllowed(operation, caller, policy);
    const parsed = parseParams(operation, params);
    return (await runWithin(operation, parsed, options)) as z.output<O["result"]>;
  } catch (error) {
    throw translate(operation, error);
  }
}

/** {@link invoke}, then the result as bytes: what every transport that sends bytes uses. */
export async function answer(
  operation: Operation,
  params: unknown,
  caller: Caller,
  options: CallOptions = {},
  policy?: AccessPolicy,
): Promise<Answer> {
  const result: unknown = await invoke(operation, params, caller, options, policy);
  const mediaType = options.mediaType ?? operation.mediaTypes[0];
  try {
    return {
      body: mediaType === "application/json" ? JSON.stringify(result) : String(result),
      mediaType,
      verdict: operation.verdict?.(result) ?? "ok",
    };
  } catch (error) {
    throw translate(operation, error);
  }
}

function refuseUnlessUp(state: Lifecycle): void {
  if (state === "created" || state === "stopped") {
    throw new ObservabilityError("WORKER_NOT_RUNNING", "Worker system not running");
  }
}

const refusals: Partial<Record<ErrorCode, string>> = {
  UNAUTHORIZED: "This operation needs a valid API key: send it in the configured header.",
  FORBIDDEN: "This API key lacks the right that the operation needs.",
  CACHE_OPERATIONS_DISABLED:
    "Cache operations are disabled on this transport: set worker.web.endpoints.cache_operations_enabled (HTTP) or worker.bridge.writes_enabled (socket).",
};

function refuseUnlessAllowed(operation: Operation, caller: Caller, policy: AccessPolicy | undefined): void {
  const code = policy?.refusal(operation, caller) ?? null;
  if (code !== null) throw new ObservabilityError(code, refusals[code] ?? `${operation.name} is refused.`);
}

const noParams = Object.freeze({});

function parseParams(operation: Operation, params: unknown): z.output<z.ZodObject> {
  const given = params ?? noParams;
  // Absent params of an operation that takes none are the hot path of every probe.
  if (given === noParams && !takesParams(operation)) return noParams;
  const parsed = operation.params.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "params"}: ${issue.message}`);
  throw new ObservabilityError("INVALID_PARAMS", `${operation.name} refused its params: ${problems.join("; ")}`);
}

function translate(operation: Operation, error: unknown): ObservabilityError {
  const translated = ObservabilityError.from(error);
  if (translated !== error) operation.context.logger("error", "operation failed", { operation: operation.name, error });
  return translated;
}
