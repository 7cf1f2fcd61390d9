import { maxTimerMs, ObservabilityError, type StepStatistics } from "@tasker-observability/core";
import type {
  ResolvedStep,
  ResolvedTemplate,
  TemplateIdentity,
} from "@tasker-observability/templates";
import type { OutcomeEvent } from "../settling/outcome.js";
import { StepNotRunnableError } from "../settling/step-not-runnable-error.js";
import type { StepHandlers } from "../running/step-handler.js";
import type { StepMessage } from "../queues/step-message.js";
import { type FindStepPlan, type FinishedAttempt, type StepPlan } from "../running/step-plan.js";

export interface StepPlansOptions {
  /** Synchronous if the template is cached. */
  readonly resolveTemplate: (
    identity: TemplateIdentity,
  ) => ResolvedTemplate | Promise<ResolvedTemplate>;
  readonly handlers: StepHandlers;
  /** Creates the events that a step declares. */
  readonly eventsOf: (step: ResolvedStep, attempt: FinishedAttempt) => readonly OutcomeEvent[];
  /** What counts the steps. */
  readonly statistics: Pick<StepStatistics, "recorder">;
}

/** Creates the plans of steps, once per template object. */
export function createStepPlans(options: StepPlansOptions): FindStepPlan {
  const plans = new WeakMap<ResolvedTemplate, Map<string, StepPlan>>();
  const planFrom = (template: ResolvedTemplate, stepName: string): StepPlan => {
    const known = plans.get(template) ?? new Map<string, StepPlan>();
    if (!plans.has(template)) initializeCounters(template, options);
    plans.set(template, known);
    const plan = known.get(stepName) ?? toPlan(template, stepName, options);
    known.set(stepName, plan);
    return plan;
  };
  return (message: StepMessage) => {
    const found = resolve(options, message);
    if (found instanceof Promise)
      return found
        .catch((error: unknown) => throwPlanError(message, error))
        .then((template) => planFrom(template, message.step_name));
    return planFrom(found, message.step_name);
  };
}

/** The counters of all steps of a template in use begin at 0: the first failure of a rare step is an increase, not a new series. */
function initializeCounters(
  { namespace_name: namespace, name, steps }: ResolvedTemplate,
  { handlers, statistics }: StepPlansOptions,
): void {
  for (const step of steps)
    if (Object.hasOwn(handlers, step.handler.callable))
      statistics.recorder(namespace, name, step.name);
}

function resolve(
  options: StepPlansOptions,
  message: StepMessage,
): ResolvedTemplate | Promise<ResolvedTemplate> {
  try {
    return options.resolveTemplate(message.template);
  } catch (error) {
    return throwPlanError(message, error);
  }
}

/** An unreadable source is transient; any other error concerns only this template. */
function throwPlanError(
  { template: { namespace, name, version } }: StepMessage,
  error: unknown,
): never {
  if (!ObservabilityError.isInstance(error)) throw error;
  if (error.code === "TEMPLATE_SOURCE_UNAVAILABLE")
    throw new StepNotRunnableError("template_source_unavailable", error.message);
  throw new StepNotRunnableError(
    "template_not_found",
    `Template ${namespace}/${name} ${version} is not available: ${error.message}`,
  );
}

function toPlan(
  template: ResolvedTemplate,
  stepName: string,
  { handlers, eventsOf }: StepPlansOptions,
): StepPlan {
  const step = template.steps.find((candidate) => candidate.name === stepName);
  if (step === undefined)
    throw new StepNotRunnableError(
      "step_not_in_template",
      `Template ${template.namespace_name}/${template.name} ${template.version} has no step ${stepName}.`,
    );
  const { callable, initialization } = step.handler;
  const handler = Object.hasOwn(handlers, callable) ? handlers[callable] : undefined;
  if (handler === undefined)
    throw new StepNotRunnableError(
      "handler_not_registered",
      `No handler is registered for ${callable}, which step ${stepName} of template ${template.namespace_name}/${template.name} ${template.version} names.`,
    );
  return Object.freeze({
    handlerName: callable,
    handler,
    initialization,
    timeoutMs: toTimeoutMs(step),
    retry: step.retry,
    eventsOf:
      step.publishes_events.length > 0
        ? (attempt: FinishedAttempt) => eventsOf(step, attempt)
        : null,
  });
}

function toTimeoutMs({ timeout_seconds: seconds }: ResolvedStep): number {
  return Math.min(seconds === null ? Infinity : Math.round(seconds * 1_000), maxTimerMs);
}
