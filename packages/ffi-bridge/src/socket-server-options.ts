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
  policy: policyOption.default(createAccessPolicy),
  /** Where `events_subscribe` gets its events. @default none: it is refused with SERVICE_NOT_INSTALLED */
  events: objectLike<EventSource>({ name: "an EventSource", methods: ["subscribe"] }).optional(),
  /** After how long a call is answered TIMEOUT. @default 30000 */
  requestTimeoutMs: delayMs().default(30_000),
  /** How long calls under way have when the server stops. @default 1000 */
  stopTimeoutMs: delayMs(0).default(1_000),
  /** How long calls under way have when their client has closed its writing end: it waits for them, or is gone. @default 5000 */
  drainTimeoutMs: delayMs(0).default(5_000),
  /** After how long a client that leaves a megabyte unread is cut off. @default 30000 */
  idleTimeoutMs: delayMs().default(30_000),
  /** What the time is. @default that of the operations */
  clock: clockOption.optional(),
  /** Makes the `request_id` of errors. @default random UUIDs */
  makeRequestId: functionOption<() => string>("() => string").optional(),
  /** Gets what goes wrong with the socket. @default silent */
  logger: loggerOption.optional(),
});
/** Options of {@link createSocketServer}. */
export type SocketServerOptions = z.input<typeof socketServerOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedSocketServerOptions = z.output<typeof socketServerOptionsSchema>;

function problemOfPath(path: unknown): string | null {
  return problemOfSocketPath(typeof path === "string" ? toListenPath(path) : path);
}
