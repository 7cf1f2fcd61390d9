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
  /** What the socket answers. */
  operations: operationsOption,
  /** Where the socket is to be, in a folder that exists; at most 107 bytes on Linux. */
  path: z
    .custom<string>((path) => problemOfPath(path) === null, {
      error: ({ input }) => problemOfPath(input) ?? "",
    })
    .meta({ type: "string" }),
  /** What the socket offers. @default createAccessPolicy(): no writes */
  policy: z._default(policyOption, createAccessPolicy),
  /** Where `events_subscribe` gets its events. @default none: it is refused with SERVICE_NOT_INSTALLED */
  events: z.optional(objectLike<EventSource>({ name: "an EventSource", methods: ["subscribe"] })),
  /** After how long a call is answered TIMEOUT. @default 30000 */
  requestTimeoutMs: z._default(delayMs(), 30_000),
  /** How long calls under way have when the server stops. @default 1000 */
  stopTimeoutMs: z._default(delayMs(0), 1_000),
  /** How long calls under way have when their client has closed its writing end: it waits for them, or is gone. @default 5000 */
  drainTimeoutMs: z._default(delayMs(0), 5_000),
  /** After how long a client that leaves a megabyte unread is cut off. @default 30000 */
  idleTimeoutMs: z._default(delayMs(), 30_000),
  /** The clock. @default that of the operations */
  clock: z.optional(clockOption),
  /** Makes the `request_id` of errors. @default random UUIDs */
  makeRequestId: z.optional(functionOption<() => string>("() => string")),
  /** Gets what goes wrong with the socket. @default silent */
  logger: z.optional(loggerOption),
});
/** Options of {@link createSocketServer}. */
export type SocketServerOptions = z.input<typeof socketServerOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedSocketServerOptions = z.output<typeof socketServerOptionsSchema>;

function problemOfPath(path: unknown): string | null {
  return problemOfSocketPath(typeof path === "string" ? toListenPath(path) : path);
}
