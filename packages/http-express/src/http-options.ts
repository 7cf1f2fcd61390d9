import type { IncomingMessage } from "node:http";
import {
  type AccessPolicy,
  type Clock,
  type Operations,
  systemClock,
} from "@tasker-observability/core";
import {
  delayProblems,
  givenOptions,
  nameProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
import { type Authenticator, createApiKeyAuthenticator } from "./api-keys.js";
import { accessNames, accessProblems, type HttpAccess, resolvePolicy } from "./http-access.js";

/** Options of {@link createObservabilityRouter}. */
export interface HttpOptions extends HttpAccess {
  /** Milliseconds until a request is answered 504 and its operation's signal is aborted. @default 30000 */
  readonly requestTimeoutMs?: number | undefined;
  /** The clock of error timestamps. @default that of the first operation's worker */
  readonly clock?: Clock | undefined;
  /** Makes the id of a request to which neither the application nor the caller gave one. @default random UUIDs */
  readonly makeRequestId?: ((request: IncomingMessage) => string) | undefined;
}

const httpNames: Readonly<Record<keyof HttpOptions, true>> = {
  ...accessNames,
  requestTimeoutMs: true,
  clock: true,
  makeRequestId: true,
};
const ofClock: readonly (keyof Clock)[] = ["wallMs", "monotonicMs", "after"];

export interface ResolvedHttpOptions {
  readonly policy: AccessPolicy;
  /** Null where nobody is asked for a key. */
  readonly authenticator: Authenticator | null;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly makeRequestId: HttpOptions["makeRequestId"];
}

/** Says what is wrong with the options of `taker`, which may know `others` besides. */
export function httpProblems(
  taker: string,
  options: HttpOptions,
  others: readonly string[] = [],
): readonly string[] {
  const { requestTimeoutMs, clock, makeRequestId } = givenOptions(options);
  return [
    ...nameProblems(taker, options, [...Object.keys(httpNames), ...others]),
    ...accessProblems(options),
    ...delayProblems("requestTimeoutMs", requestTimeoutMs),
    ...shapeProblems(
      clock,
      ofClock,
      "clock must have wallMs(), monotonicMs() and after(), as the machine's has.",
    ),
    ...(makeRequestId === undefined || typeof makeRequestId === "function"
      ? []
      : ["makeRequestId must be a function: (request) => string."]),
  ];
}

/** Takes options that {@link httpProblems} finds nothing wrong with. */
export function resolveHttpOptions(
  operations: Operations,
  options: HttpOptions,
): ResolvedHttpOptions {
  return Object.freeze({
    policy: resolvePolicy(options),
    authenticator: options.auth === undefined ? null : createApiKeyAuthenticator(options.auth),
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    clock: options.clock ?? Object.values(operations)[0]?.context.clock ?? systemClock,
    makeRequestId: options.makeRequestId,
  });
}
