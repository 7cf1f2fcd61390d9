import type {
  ResolvedEvent,
  ResolvedRetry,
  ResolvedStep,
  ResolvedTemplate,
} from "../schemas/complete-template.js";
import { stepAliases } from "./normalize-aliases.js";
import type { PublishedEvent, TaskStep, TaskTemplate } from "../schemas/task-template.js";

/** The default retry of a failing step. */
export const retryDefaults = Object.freeze({
  retryable: true,
  max_attempts: 3,
  backoff: "exponential",
  backoff_base_ms: 1_000,
  max_backoff_ms: 30_000,
} as const) satisfies ResolvedRetry;

/** Defaults for steps that set no value. */
export interface WorkerDefaults {
  /** Seconds that one attempt may take; null for no limit. */
  readonly timeoutSeconds: number | null;
}

/**
 * Fills in the defaults. Workers run steps by the result, and answers show it. Frozen. `step_type` and `depends_on` are
 * removed: Tasker's clients refuse a step that has a key under two names.
 */
export function completeTemplate(
  template: TaskTemplate,
  defaults: WorkerDefaults,
): ResolvedTemplate {
  return Object.freeze({
    ...template,
    description: template.description ?? null,
    metadata: template.metadata ?? null,
    system_dependencies: Object.freeze({
      primary: "default",
      secondary: Object.freeze([]),
      ...withoutNulls(template.system_dependencies),
    }),
    domain_events: template.domain_events ?? none(),
    input_schema: template.input_schema ?? null,
    steps: Object.freeze(
      (template.steps ?? []).map((step) => completeStep(step, defaults)),
    ) as ResolvedStep[],
    environments: template.environments ?? Object.freeze({}),
    lifecycle: template.lifecycle ?? null,
  });
}

function completeStep(step: TaskStep, { timeoutSeconds }: WorkerDefaults): ResolvedStep {
  const seconds = step.timeout_seconds;
  return Object.freeze({
    ...withoutAliases(step),
    description: step.description ?? null,
    type: step.type ?? "standard",
    batch_config: step.batch_config ?? null,
    handler: Object.freeze({
      ...step.handler,
      method: step.handler.method ?? null,
      resolver: step.handler.resolver ?? null,
      initialization: step.handler.initialization ?? Object.freeze({}),
    }),
    system_dependency: step.system_dependency ?? null,
    dependencies: step.dependencies ?? none(),
    retry: completeRetry(step.retry),
    timeout_seconds: seconds != null && seconds > 0 ? seconds : timeoutSeconds,
    publishes_events: Object.freeze(
      (step.publishes_events ?? []).map(completeEvent),
    ) as ResolvedEvent[],
  });
}

function withoutAliases(step: TaskStep): TaskStep {
  const named = Object.entries(step).filter(
    ([key]) => !stepAliases.some(({ alias }) => alias === key),
  );
  return Object.fromEntries(named) as TaskStep;
}

function completeRetry(retry: TaskStep["retry"]): ResolvedRetry {
  return Object.freeze({ ...retryDefaults, ...withoutNulls(retry) });
}

function completeEvent(declared: string | PublishedEvent): ResolvedEvent {
  const event = typeof declared === "string" ? { name: declared } : declared;
  return Object.freeze({
    ...event,
    description: event.description ?? "",
    condition: event.condition ?? "success",
    schema: event.schema ?? null,
    delivery_mode: event.delivery_mode ?? "durable",
    publisher: event.publisher ?? null,
  });
}

function none(): never[] {
  return Object.freeze([]) as unknown as never[];
}

type WithoutNulls<T> = { [K in keyof T]: NonNullable<T[K]> };

function withoutNulls<T extends object>(values: T | null | undefined): Partial<WithoutNulls<T>> {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(([, value]) => value != null),
  ) as Partial<WithoutNulls<T>>;
}
