import { problemOfSocketPath } from "@tasker-observability/config/files";
import type { AccessPolicy, Clock, Logger, OperationSource } from "@tasker-observability/core";
import {
  clockProblems,
  delayProblems,
  givenOptions,
  longestTimerMs,
  loggerProblems,
  nameProblems,
  numberProblems,
  refuseProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
import { functionProblems, operationsProblems, policyProblems } from "./option-problems.js";
import type { EventSource } from "./socket/event-source.js";
import { toListenPath } from "./socket/socket-file.js";

/** Options of {@link createSocketServer}. */
export interface SocketServerOptions {
  /** Operations by name, your own too, and services: `{ health, metrics }`. */
  readonly operations: OperationSource;
  /** Where the socket is to be, in a folder that exists; at most 107 bytes on Linux. */
  readonly path: string;
  /** What the socket offers. @default createAccessPolicy(): no writes */
  readonly policy?: AccessPolicy | undefined;
  /** Where `events_subscribe` gets its events. @default none: it is refused with SERVICE_NOT_INSTALLED */
  readonly events?: EventSource | undefined;
  /** Milliseconds after which a call is answered TIMEOUT. @default 30000 */
  readonly requestTimeoutMs?: number | undefined;
  /** Milliseconds that calls under way have when the server stops. @default 1000 */
  readonly stopTimeoutMs?: number | undefined;
  /** Milliseconds that calls under way have when their client has closed its writing end: it waits for them, or is gone. @default 5000 */
  readonly drainTimeoutMs?: number | undefined;
  /** Milliseconds after which a client that leaves a megabyte unread is cut off. @default 30000 */
  readonly idleTimeoutMs?: number | undefined;
  /** @default that of the operations */
  readonly clock?: Clock | undefined;
  /** Makes the `request_id` of errors. @default random UUIDs */
  readonly makeRequestId?: (() => string) | undefined;
  /** @default silent */
  readonly logger?: Logger | undefined;
}

const known: Readonly<Record<keyof SocketServerOptions, true>> = {
  operations: true,
  path: true,
  policy: true,
  events: true,
  requestTimeoutMs: true,
  stopTimeoutMs: true,
  drainTimeoutMs: true,
  idleTimeoutMs: true,
  clock: true,
  makeRequestId: true,
  logger: true,
};

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const {
    operations,
    path,
    policy,
    events,
    requestTimeoutMs,
    stopTimeoutMs,
    drainTimeoutMs,
    idleTimeoutMs,
    clock,
    makeRequestId,
    logger,
  } = givenOptions(options);
  const pathProblem = problemOfSocketPath(typeof path === "string" ? toListenPath(path) : path);
  const atOnceOrLater = { least: 0, most: longestTimerMs };
  refuseProblems([
    ...nameProblems("createSocketServer", options, Object.keys(known)),
    ...operationsProblems(operations),
    ...(pathProblem === null ? [] : [pathProblem]),
    ...policyProblems(policy),
    ...shapeProblems(events, ["subscribe"], "events must have subscribe(pattern, deliver)."),
    ...delayProblems("requestTimeoutMs", requestTimeoutMs),
    ...numberProblems("stopTimeoutMs", stopTimeoutMs, atOnceOrLater),
    ...numberProblems("drainTimeoutMs", drainTimeoutMs, atOnceOrLater),
    ...delayProblems("idleTimeoutMs", idleTimeoutMs),
    ...clockProblems(clock),
    ...functionProblems("makeRequestId", makeRequestId),
    ...loggerProblems(logger),
  ]);
}
