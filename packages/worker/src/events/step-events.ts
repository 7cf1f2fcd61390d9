import { InexactNumberError, type Logger, toExactJson } from "@tasker-observability/core";
import type { PublishedEvent, TaskStep } from "@tasker-observability/templates";
import type { StepInfo } from "../steps/step-handler.js";
import type { AttemptEnd, FinishedAttempt } from "../steps/step-plan.js";
import type { DeliveryMode, DomainEvent } from "./domain-event.js";
import type { EventRouter } from "./event-router.js";
import { createPayloadChecks, type PayloadChecks } from "./payload-checks.js";

/** What a publisher makes a payload of. */
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

/** Publishes what a step's template declares. */
export class StepEvents {
  readonly #options: StepEventsOptions;
  readonly #checks: PayloadChecks = createPayloadChecks();

  constructor(options: StepEventsOptions) {
    this.#options = options;
  }

  /** Never rejects. Resolves when durable events are written or have failed. */
  async publish(step: TaskStep, about: FinishedAttempt): Promise<void> {
    const declared = (step.publishes_events ?? [])
      .map(toDeclaration)
      .filter((event) => applies(event.condition ?? "success", about.end));
    if (declared.length > 0)
      await Promise.all(declared.map((event) => this.#publishOne(event, about)));
  }

  async #publishOne(declaration: PublishedEvent, about: FinishedAttempt): Promise<void> {
    const mode: DeliveryMode = declaration.delivery_mode ?? "durable";
    try {
      const payload = this.#payloadOf(declaration, about);
      refuseInexact(payload);
      const problem =
        declaration.schema == null ? null : this.#checks.problemOf(declaration.schema, payload);
      if (problem !== null) throw new Error(problem);
      await this.#options.router.route(this.#toEvent(declaration.name, payload, about.step), mode);
    } catch (error) {
      this.#options.router.refuse(mode);
      this.#options.logger("warn", "an event was not published", {
        event: declaration.name,
        step: about.step.step_name,
        error,
      });
    }
  }

  #payloadOf(declaration: PublishedEvent, about: FinishedAttempt): unknown {
    const { publishers, timestamp } = this.#options;
    const name = declaration.publisher;
    const publisher =
      name != null && Object.hasOwn(publishers, name) ? publishers[name] : undefined;
    if (publisher !== undefined) return publisher({ ...about, event: declaration.name });
    if (about.end.kind === "success") return about.end.result ?? null;
    return {
      error_code: about.end.reason.code,
      error_message: about.end.reason.message,
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

/** In every mode alike: a subscriber in this process could hold numbers that a database or a socket cannot. */
function refuseInexact(payload: unknown): void {
  try {
    toExactJson(payload, "payload");
  } catch (error) {
    // What JSON cannot write at all concerns only those who write it.
    if (error instanceof InexactNumberError) throw error;
  }
}

function toDeclaration(event: string | PublishedEvent): PublishedEvent {
  return typeof event === "string" ? { name: event } : event;
}

function applies(condition: NonNullable<PublishedEvent["condition"]>, end: AttemptEnd): boolean {
  if (condition === "always") return true;
  return condition === "failure" ? end.kind !== "success" : condition === end.kind;
}
