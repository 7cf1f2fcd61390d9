import { InexactNumberError, type Logger, toExactJson } from "@tasker-observability/core";
import {
  type ResolvedEvent,
  type ResolvedStep,
  isNamespace,
} from "@tasker-observability/templates";
import type { OutcomeEvent } from "../settling/outcome.js";
import type { EventRow } from "../settling/event-row.js";
import type { StepInfo } from "../running/step-handler.js";
import type { AttemptEnd, FinishedAttempt } from "../running/step-plan.js";
import { queuesOf } from "../queues/step-queues.js";
import type { DeliveryMode, DomainEvent } from "./domain-event.js";
import { encodeEvent } from "./encode-event.js";
import type { EventRouter } from "./event-router.js";
import { createPayloadChecks, type PayloadChecks } from "./payload-checks.js";

/** The input of a publisher. */
export interface PublisherInput extends FinishedAttempt {
  readonly event: string;
}

/** Builds the payload of events whose declaration names it; the default is the handler's result, or the failure. */
export type EventPublisher = (input: PublisherInput) => unknown;

export interface StepEventsOptions {
  readonly router: EventRouter;
  readonly publishers: Readonly<Record<string, EventPublisher>>;
  readonly workerId: string;
  readonly timestamp: () => string;
  readonly logger: Logger;
}

/** Makes the events that a step's template declares. */
export class StepEvents {
  readonly #options: StepEventsOptions;
  readonly #checks: PayloadChecks = createPayloadChecks();

  constructor(options: StepEventsOptions) {
    this.#options = options;
  }

  /** Never throws. Events that cannot be published are counted, logged and omitted. */
  eventsOf(step: ResolvedStep, attempt: FinishedAttempt): readonly OutcomeEvent[] {
    return step.publishes_events
      .filter((event) => isPublishedAfter(event.condition, attempt.end))
      .flatMap((event) => this.#eventOf(event, attempt));
  }

  #eventOf(declaration: ResolvedEvent, attempt: FinishedAttempt): readonly OutcomeEvent[] {
    const mode: DeliveryMode = declaration.delivery_mode;
    try {
      const payload = this.#payloadOf(declaration, attempt);
      assertExact(payload);
      const problem =
        declaration.schema === null ? null : this.#checks.validate(declaration.schema, payload);
      if (problem !== null) throw new Error(problem);
      const event = this.#toEvent(declaration.name, payload, attempt.step);
      return [this.#toOutcomeEvent(event, mode, traceHeadersOf(attempt.step))];
    } catch (error) {
      this.#options.router.reject(mode);
      this.#options.logger("warn", "an event was not published", {
        event: declaration.name,
        step: attempt.step.step_name,
        error,
      });
      return [];
    }
  }

  #toOutcomeEvent(
    event: DomainEvent,
    mode: DeliveryMode,
    headers: EventRow["headers"],
  ): OutcomeEvent {
    const { router } = this.#options;
    const onRefused = (error: unknown): void => router.route(event, mode, error);
    try {
      const durable = mode === "fast" ? null : { ...toRow(event), headers };
      return { durable, onWritten: () => router.route(event, mode), onRejected: onRefused };
    } catch (error) {
      // Subscribers get a broadcast event although no database can store it.
      return { durable: null, onWritten: () => onRefused(error), onRejected: onRefused };
    }
  }

  #payloadOf(declaration: ResolvedEvent, attempt: FinishedAttempt): unknown {
    const { publishers, timestamp } = this.#options;
    const name = declaration.publisher;
    const publisher =
      name !== null && Object.hasOwn(publishers, name) ? publishers[name] : undefined;
    if (publisher !== undefined) return publisher({ ...attempt, event: declaration.name });
    if (attempt.end.kind === "success") return attempt.end.result ?? null;
    return {
      error_code: attempt.end.reason.code,
      error_message: attempt.end.reason.message,
      failed_at: timestamp(),
    };
  }

  #toEvent(eventName: string, payload: unknown, step: StepInfo): DomainEvent {
    const { step_id, step_name, template, attempt } = step;
    const metadata = {
      step_id,
      step_name,
      template,
      attempt,
      worker_id: this.#options.workerId,
      fired_at: this.#options.timestamp(),
    };
    return Object.freeze({
      event_id: crypto.randomUUID(),
      event_name: eventName,
      payload,
      metadata: Object.freeze(metadata),
    });
  }
}

/**
 * The same in every mode, although a subscriber in this process could receive numbers that a database or a socket
 * cannot.
 */
function assertExact(payload: unknown): void {
  try {
    toExactJson(payload, "payload");
  } catch (error) {
    // Values without a JSON form matter only where JSON is written.
    if (error instanceof InexactNumberError) throw error;
  }
}

/** A step's trace, for its events; undefined if it has none. */
function traceHeadersOf({ headers }: StepInfo): EventRow["headers"] {
  const traceHeaders = ["traceparent", "tracestate"].flatMap((name) => {
    const value = headers?.[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return traceHeaders.length === 0 ? undefined : Object.fromEntries(traceHeaders);
}

/** @throws Error if no database can store it. */
function toRow(event: DomainEvent): EventRow {
  const { namespace } = event.metadata.template;
  if (!isNamespace(namespace))
    throw new Error("The namespace of the step's template is not valid.");
  const { eventQueue } = queuesOf(namespace);
  return { queueName: eventQueue, text: encodeEvent(event) };
}

function isPublishedAfter(condition: ResolvedEvent["condition"], end: AttemptEnd): boolean {
  if (condition === "always") return true;
  return condition === "failure" ? end.kind !== "success" : condition === end.kind;
}
