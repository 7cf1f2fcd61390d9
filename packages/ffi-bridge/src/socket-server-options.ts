import { problemOfSocketPath } from "@tasker-observability/config/files";
import { createAccessPolicy } from "@tasker-observability/core";
import {
  clockOption,
  delayMs,
  functionOption,
  loggerOption,
  objectLike,
  policyOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { operationsOption } from "./option-types.js";
import type { EventSource } from "./socket/event-source.js";
import { toListenPath } from "./socket/socket-file.js";

export const socketServerOptionsSchema = z.strictObject({
  /** The operations of the socket. */
  operations: operationsOption,
  /** The socket's path, in an existing folder; at most 107 bytes on Linux. */
  path: z
    .custom<string>((path) => problemOfPath(path) === null, {
      error: ({ input }) => problemOfPath(input) ?? "",
    })
    .meta({ type: "string" }),
  /** What the socket offers. @default createAccessPolicy(): no writes */
  policy: z._default(policyOption, createAccessPolicy),
  /** The source of events for `events_subscribe`. @default none: it rejects with SERVICE_NOT_INSTALLED */
  events: z.optional(objectLike<EventSource>({ name: "an EventSource", methods: ["subscribe"] })),
  /** How long a call may take before it is answered TIMEOUT. @default 30000 */
  requestTimeoutMs: z._default(delayMs(), 30_000),
  /** How long running calls may continue when the server stops. @default 1000 */
  stopTimeoutMs: z._default(delayMs(0), 1_000),
  /** How long running calls may continue after their client has closed its writing end: it may wait for them, or be gone. @default 5000 */
  drainTimeoutMs: z._default(delayMs(0), 5_000),
  /** How long a client may leave a megabyte unread before it is disconnected. @default 30000 */
  idleTimeoutMs: z._default(delayMs(), 30_000),
  /** The clock. @default that of the operations */
  clock: z.optional(clockOption),
  /** Makes the `request_id` of errors. @default random UUIDs */
  makeRequestId: z.optional(functionOption<() => string>("() => string")),
  /** Receives problems of the socket. @default silent */
  logger: z.optional(loggerOption),
});
/** Options of {@link createSocketServer}. */
export type SocketServerOptions = z.input<typeof socketServerOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedSocketServerOptions = z.output<typeof socketServerOptionsSchema>;

function problemOfPath(path: unknown): string | null {
  return problemOfSocketPath(typeof path === "string" ? toListenPath(path) : path);
}
