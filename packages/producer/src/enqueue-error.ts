import { didYouMean, toSafeCause } from "@tasker-observability/core";
import { hasHeaders } from "./enqueue-statement.js";
import type { StepToEnqueue } from "./step-to-enqueue.js";

/** Why the database refuses steps: its PGMQ is missing or too old, the queue is missing, or the role has no right to send. */
export type EnqueueFailure = "pgmq_missing" | "pgmq_too_old" | "queue_missing" | "not_permitted";

/**
 * The database refuses steps for a reason that an operator can fix; the message says how. The cause is the driver's
 * error.
 */
export class EnqueueError extends Error {
  override readonly name = "EnqueueError";
  readonly code: EnqueueFailure;

  constructor(code: EnqueueFailure, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The steps to send, and what is known of the database. */
export interface RefusedSteps {
  readonly queueName: string;
  readonly steps: readonly StepToEnqueue[];
  /** The existing queues, to suggest the nearest name. @default none are known */
  readonly queueNames?: readonly string[] | undefined;
}

/** Turns a refusal of the database into an error that says what to do. Other errors stay as they are. */
export function toEnqueueError(error: unknown, refused: RefusedSteps): unknown {
  const reason = reasonOf(error, refused);
  return reason === null ? error : new EnqueueError(...reason, error);
}

/** Whether steps were refused because their queue is missing. */
export function isQueueMissing(error: unknown, queueName: string): boolean {
  // A trigger may also use a table that is missing.
  return (
    toSafeCause(error).code === "42P01" &&
    error instanceof Error &&
    error.message.includes(`q_${queueName}`)
  );
}

function reasonOf(
  error: unknown,
  { queueName, steps, queueNames = [] }: RefusedSteps,
): [EnqueueFailure, string] | null {
  if (isQueueMissing(error, queueName)) {
    const nearest = didYouMean(queueName, queueNames);
    return [
      "queue_missing",
      `The queue ${queueName} does not exist.${nearest === undefined ? "" : ` ${nearest}`} A worker creates the queues of its namespaces when it starts; without one, run: select pgmq.create('${queueName}');`,
    ];
  }
  const { code } = toSafeCause(error);
  if (code === "3F000")
    return [
      "pgmq_missing",
      "This database has no PGMQ. A worker installs it when it starts; without one, use installPgmq of @tasker-observability/pgmq/install.",
    ];
  if (code === "42501")
    return [
      "not_permitted",
      `This role may not send to ${queueName}. An administrator runs, with its name: grant usage on schema pgmq to …; grant select, insert on pgmq.q_${queueName} to …;`,
    ];
  if (code !== "42883") return null;
  if (hasHeaders(steps))
    return [
      "pgmq_too_old",
      "This database's PGMQ cannot send steps with headers: it needs PGMQ 1.5. Leave the headers out, or upgrade the extension.",
    ];
  return steps.some(({ delay }) => delay !== undefined)
    ? [
        "pgmq_too_old",
        "This database's PGMQ delays by whole seconds only: a Date, or a part of a second, needs PGMQ 1.5. Use whole seconds, or upgrade the extension.",
      ]
    : null;
}
