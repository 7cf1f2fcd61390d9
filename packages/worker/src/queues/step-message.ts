import { parseExactJson } from "@tasker-observability/core";
import { formatPath } from "@tasker-observability/redact";
import * as z from "zod";

export type { StepMessage } from "@tasker-observability/producer";
export { parseStepMessage } from "@tasker-observability/producer/sql";

/** A message as it was claimed: hidden from other workers until its visibility time-out. */
export interface ClaimedMessage {
  readonly queueName: string;
  readonly messageId: string;
  /**
   * When it was enqueued, in microseconds since 1970 by the database's clock. A recreated queue, or one on another
   * server behind the same address, counts from one again: the number alone may belong to another message.
   */
  readonly enqueuedAtMicros: string;
  /** How often it has been claimed, including this time: the attempt number. A crash counts. */
  readonly readCount: number;
  /** Until when it is hidden, in microseconds since 1970 by the database's clock; null if a renewal was not answered. */
  readonly visibleAtMicros: string | null;
  /** Milliseconds since it was enqueued, by the database's clock. */
  readonly ageMs: number;
  readonly body: unknown;
  /** Its PGMQ headers, which may be any JSON; null if it has none, or PGMQ is older than 1.5. */
  readonly headers: unknown;
  /** The paths of inexact numbers in `input` and `headers`. */
  readonly inexact: readonly string[];
}

/** The key of a message's {@link FirstRelease}. A dead letter does not have it. */
export const firstReleaseKey = "tasker_given_back";

/**
 * Since when a step is released without running. It is stored in the message, so that every worker counts from the
 * same time.
 */
export interface FirstRelease {
  /** ISO 8601, by the database's clock. */
  readonly first_at: string;
  /** The attempts that the step had used then. A later attempt ends the count. */
  readonly attempts: number;
}

/** Milliseconds since 1970 at which the step was first released since its last attempt; null if it was not. */
export function firstReleasedAtMs(
  {
    body,
    enqueuedAtMicros,
    readCount,
  }: Pick<ClaimedMessage, "body" | "enqueuedAtMicros" | "readCount">,
  nowMs: number,
): number | null {
  const parsed = firstReleaseSchema.safeParse(body);
  if (!parsed.success) return null;
  const { first_at, attempts } = parsed.data[firstReleaseKey];
  const atMs = Date.parse(first_at);
  // Senders can write anything: only a time at which the message was on its queue counts. (It is cut to the
  // millisecond.)
  return attempts === readCount - 1 && atMs >= Number(enqueuedAtMicros) / 1_000 - 1 && atMs <= nowMs
    ? atMs
    : null;
}

const firstReleaseSchema = z.object({
  [firstReleaseKey]: z.object({ first_at: z.string(), attempts: z.number() }),
});

/** Identifies a message among all messages of its queue, past and future. */
export type MessageKey = Pick<ClaimedMessage, "messageId" | "enqueuedAtMicros">;

/**
 * The fencing token of a claim: a statement with an outdated one changes nothing. A claim after a release has the same read count,
 * and another end of its visibility time-out.
 */
export type Fence = MessageKey & Pick<ClaimedMessage, "readCount" | "visibleAtMicros">;

/** As a key of maps and sets. */
export function formatMessageKey({ messageId, enqueuedAtMicros }: MessageKey): string {
  return `${messageId} ${enqueuedAtMicros}`;
}

/** Reads the database's value as text: a driver that parses it would silently change large numbers. */
export function readBody(
  message: string | null,
  headers: string | null,
): Pick<ClaimedMessage, "body" | "headers" | "inexact"> {
  const body = parseExactJson(message ?? "null");
  const beside = parseExactJson(headers ?? "null");
  return {
    body: body.value,
    headers: beside.value,
    inexact: [
      // No handler sees the rest of a message: it stays unchanged in the database.
      ...body.inexact.filter(({ path }) => path[0] === "input").map(({ path }) => formatPath(path)),
      ...beside.inexact.map(({ path }) => formatPath(["headers", ...path])),
    ],
  };
}

/** Why a step cannot run because its handler would get inexact numbers; null if all are exact. */
export function inexactProblem({ inexact }: Pick<ClaimedMessage, "inexact">): string | null {
  if (inexact.length === 0) return null;
  const shown = inexact.slice(0, 5).join(", ");
  const more = inexact.length > 5 ? " and more" : "";
  return `JavaScript cannot represent the number at ${shown}${more} exactly: send it as a string.`;
}
