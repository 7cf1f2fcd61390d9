import type * as z from "zod";
import { type AccessPolicy, type Caller, createAccessPolicy, isWrite } from "./access-policy.js";
import type { Verdict } from "./operation-facts.js";
import type { LifecycleState } from "./lifecycle.js";
import type { ErrorCode } from "./error-codes.js";
import { ObservabilityError } from "./errors.js";
import type { Awaitable } from "./awaitable.js";
import type { Operation, ParamsSchema } from "./operation.js";
import { operationGroups } from "./operation-groups.js";
import { notRunning } from "./unavailable.js";
import { readParams } from "./read-params.js";
import { type CallOptions, runWithin } from "./running-call.js";
import { createSafeLogger } from "./safe-logger.js";

/** An answer as bytes, the same on every transport. */
export interface Answer {
  readonly body: string;
  readonly mediaType: string;
  readonly verdict: Verdict;
}

/** The caller in the same process: it has every right. */
export const inProcess: Caller = Object.freeze({
  transport: "in_process",
  rights: Object.freeze(["read", "write"] as const),
});

/** By default, HTTP and the socket have no writes. */
const defaultPolicy = createAccessPolicy();

/**
 * Calls an operation: checks lifecycle, policy and params, runs it, and translates its errors.
 *
 * @param params - untrusted; the operation's schema parses them. Absent means none. A function is called once lifecycle
 * and policy allow the call, and may throw an ObservabilityError.
 * @param policy - what the transport offers, and to which callers. @default createAccessPolicy()
 * @throws ObservabilityError and nothing else; TIMEOUT once the budget is spent.
 */
export async function invoke<O extends Operation>(
  operation: O,
  params: unknown,
  caller: Caller,
  options: CallOptions = {},
  policy: AccessPolicy = defaultPolicy,
): Promise<z.output<O["result"]>> {
  try {
    return (await authorizeAndRun(operation, params, caller, options, policy)) as z.output<
      O["result"]
    >;
  } catch (error) {
    throw translate(operation, error);
  }
}

/**
 * {@link invoke}, then the result as bytes: what every transport that sends bytes uses. It returns no promise if the
 * operation already has its result, because under load a promise is a large part of the cost of an answer. It never
 * throws: it rejects with an ObservabilityError.
 */
export function answer(
  operation: Operation,
  params: unknown,
  caller: Caller,
  options: CallOptions = {},
  policy: AccessPolicy = defaultPolicy,
): Awaitable<Answer> {
  const mediaType = options.mediaType ?? operation.mediaTypes[0];
  const fail = (error: unknown): Promise<never> => Promise.reject(translate(operation, error));
  try {
    const result = authorizeAndRun(operation, params, caller, options, policy);
    return result instanceof Promise
      ? result.then((waitedFor) => toAnswer(operation, waitedFor, mediaType)).catch(fail)
      : toSharedAnswer(operation, result, mediaType);
  } catch (error) {
    return fail(error);
  }
}

function authorizeAndRun(
  operation: Operation,
  params: unknown,
  caller: Caller,
  options: CallOptions,
  policy: AccessPolicy,
): Awaitable<unknown> {
  assertRunning(operation.context.lifecycle.current());
  assertAllowed(operation, caller, policy);
  assertMediaType(operation, options.mediaType);
  return runWithin(operation, parseParams(operation, params), options);
}

function toAnswer(operation: Operation, result: unknown, mediaType: string): Answer {
  return {
    body: encode(result, mediaType),
    mediaType,
    verdict: operation.verdict?.(result) ?? "ok",
  };
}

const latestAnswers = new WeakMap<
  Operation,
  { readonly result: unknown; readonly answer: Answer }
>();

/** A service returns one frozen object for all callers within a millisecond; it is encoded once. */
function toSharedAnswer(operation: Operation, result: unknown, mediaType: string): Answer {
  const latest = latestAnswers.get(operation);
  if (latest?.result === result && latest?.answer.mediaType === mediaType) return latest.answer;
  const made = toAnswer(operation, result, mediaType);
  if (Object.isFrozen(result)) latestAnswers.set(operation, { result, answer: made });
  return made;
}

function encode(result: unknown, mediaType: string): string {
  const body: unknown = mediaType === "application/json" ? JSON.stringify(result) : result;
  if (typeof body !== "string") throw new TypeError(`The result is not ${mediaType}.`);
  return body;
}

function assertRunning(state: LifecycleState): void {
  if (state === "created" || state === "stopped") {
    throw notRunning();
  }
}

function assertAllowed(operation: Operation, caller: Caller, policy: AccessPolicy): void {
  if (!policy.offers(operation, caller.transport)) {
    throw new ObservabilityError(
      "ENDPOINT_NOT_FOUND",
      `${operation.name} is disabled on this transport.`,
    );
  }
  const code = policy.refusal(operation, caller);
  if (code !== null)
    throw new ObservabilityError(
      code,
      describeRefusal(code, operation, {
        rights: caller.rights,
        writesHint: policy.writesHint,
      }),
    );
}

function describeRefusal(
  code: ErrorCode,
  operation: Operation,
  { rights, writesHint }: Pick<Caller, "rights"> & Pick<AccessPolicy, "writesHint">,
): string {
  if (code === "UNAUTHORIZED")
    return "This operation needs a valid API key: send it in the configured header.";
  if (code === "FORBIDDEN" && rights?.includes(operation.access) === false)
    return "This API key lacks the right that the operation needs.";
  const { writesDisabled } = operationGroups[operation.group];
  const hint = typeof writesHint === "function" ? writesHint(operation.group) : writesHint;
  if (isWrite(operation) && code === writesDisabled.code)
    return `${writesDisabled.message}${hint === undefined ? "" : `: ${hint}`}.`;
  return `The access policy refuses ${operation.name}.`;
}

function assertMediaType(operation: Operation, mediaType: string | undefined): void {
  if (mediaType === undefined || operation.mediaTypes.includes(mediaType)) return;
  throw new ObservabilityError(
    "INVALID_PARAMS",
    `${operation.name} answers in ${operation.mediaTypes.join(" or ")} only.`,
  );
}

const noParams = Object.freeze({});

function parseParams(operation: Operation, params: unknown): z.output<ParamsSchema> {
  const given = (typeof params === "function" ? (params as () => unknown)() : params) ?? noParams;
  // Operations without params are the hot path of every probe.
  if (given === noParams && !takesParams(operation)) return noParams;
  return readParams(operation.name, operation.params, given);
}

/** Whether the operation has any parameter to give. */
export function takesParams(operation: Operation): boolean {
  return Object.keys(operation.params.shape).length > 0;
}

/** Logs an error of any other class once, redacted, and returns an ObservabilityError without its details. */
function translate(operation: Operation, error: unknown): ObservabilityError {
  const translated = ObservabilityError.from(error);
  if (translated !== error)
    createSafeLogger(operation.context.logger)("error", "operation failed", {
      operation: operation.name,
      error,
    });
  return translated;
}
