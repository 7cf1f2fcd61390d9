import {
  InexactNumberError,
  isNamespace,
  namespaceRule,
  toExactJson,
} from "@tasker-observability/core";
import {
  valueProblemOf,
  problemOf,
  takesOptions,
  textProblemOf,
  unknownOption,
} from "@tasker-observability/core/options";

/** A step to run, as an application puts it on a queue. */
export interface StepToEnqueue {
  /** Identifies the step in logs, dead letters and handlers. @default a random UUID */
  readonly stepId?: string | undefined;
  /** The step's template. Its namespace names the queue. */
  readonly template: {
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
  };
  readonly stepName: string;
  /** Any JSON value. @default null */
  readonly input?: unknown;
  /** Milliseconds until the step may be claimed, or the time; at most a year ahead. A time in the past means now. @default 0 */
  readonly delay?: number | Date | undefined;
  /** Like `delay`, in whole seconds. @default 0 */
  readonly delaySeconds?: number | undefined;
  /** PGMQ headers, which handlers read and dead letters keep: `traceparent`, `x-pgmq-group`, … Requires PGMQ 1.5. @default none */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** A step as its statement takes it. */
export interface StepRow {
  readonly stepId: string;
  readonly json: string;
  /** Whether its delay is not a whole number of seconds. */
  readonly isTimed: boolean;
}

const known = ["stepId", "template", "stepName", "input", "delay", "delaySeconds", "headers"];
const templateNames = ["namespace", "name", "version"] as const;
const longestDelaySeconds = 365 * 24 * 3_600;
const aWord = "a string of 1 to 255 characters";

/** The time at which steps are enqueued. */
export interface EnqueueTime {
  readonly nowMs: number;
  /** ISO 8601. */
  readonly enqueuedAt: string;
}

/**
 * All mistakes in a step. By hand instead of by a schema, because this runs for every step.
 * @param at - what messages call the step.
 */
export function validateStep(step: unknown, at: string, { nowMs }: EnqueueTime): readonly string[] {
  if (typeof step !== "object" || step === null) return [takesOptions(at, known, step)];
  const {
    stepId,
    template,
    stepName,
    delay,
    delaySeconds,
    headers,
  }: Partial<Record<string, unknown>> = { ...step };
  return [
    ...unknownNames("a step", step, known),
    ...(stepId === undefined ? [] : validateWord(`${at}.stepId`, stepId)),
    ...validateTemplate(`${at}.template`, template),
    ...validateWord(`${at}.stepName`, stepName),
    ...validateDelay(`${at}.delay`, delay, nowMs),
    ...validateDelaySeconds(`${at}.delaySeconds`, delaySeconds),
    ...(delay !== undefined && delaySeconds !== undefined
      ? [`${at} has both delay and delaySeconds: leave one out.`]
      : []),
    ...validateHeaders(`${at}.headers`, headers),
  ];
}

function unknownNames(what: string, given: object, names: readonly string[]): readonly string[] {
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => unknownOption(what, name, names));
}

function validateWord(name: string, value: unknown): readonly string[] {
  const isRight = typeof value === "string" && value.length >= 1 && value.length <= 255;
  return isRight ? [] : [textProblemOf([name], aWord, value)];
}

function validateTemplate(name: string, template: unknown): readonly string[] {
  if (typeof template !== "object" || template === null)
    return [problemOf([name], "an object with namespace, name and version", template)];
  const values: Partial<Record<string, unknown>> = { ...template };
  const { namespace } = values;
  const words = templateNames.flatMap((key) => validateWord(`${name}.${key}`, values[key]));
  return [
    ...unknownNames("template", template, templateNames),
    ...words,
    ...(words.length > 0 || isNamespace(namespace)
      ? []
      : [`${name}.namespace cannot name a queue. ${namespaceRule}.`]),
  ];
}

function validateDelay(name: string, delay: unknown, nowMs: number): readonly string[] {
  const longestMs = longestDelaySeconds * 1_000;
  const expected = `milliseconds from 0 to ${longestMs}, or a Date at most a year from now`;
  if (delay === undefined) return [];
  if (delay instanceof Date)
    return delay.getTime() - nowMs <= longestMs ? [] : [`${name} must be ${expected}.`];
  const isRight = typeof delay === "number" && delay >= 0 && delay <= longestMs;
  return isRight ? [] : [valueProblemOf([name], expected, delay)];
}

function validateDelaySeconds(name: string, seconds: unknown): readonly string[] {
  const isRight =
    seconds === undefined ||
    (Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) <= longestDelaySeconds);
  return isRight
    ? []
    : [valueProblemOf([name], `a whole number from 0 to ${longestDelaySeconds}`, seconds)];
}

function validateHeaders(name: string, headers: unknown): readonly string[] {
  const isRight =
    headers === undefined ||
    (typeof headers === "object" && headers !== null && !Array.isArray(headers));
  return isRight ? [] : [problemOf([name], 'an object such as { traceparent: "…" }', headers)];
}

/** A step with valid names as JSON, or why JSON cannot represent its values. */
export function toStepRow(
  { stepId = crypto.randomUUID(), template, stepName, ...step }: StepToEnqueue,
  at: string,
  { enqueuedAt }: EnqueueTime,
): StepRow | { readonly problem: string } {
  const { namespace, name, version } = template;
  const message = JSON.stringify({
    step_id: stepId,
    template: { namespace, name, version },
    step_name: stepName,
    enqueued_at: enqueuedAt,
  });
  try {
    const input = toExactJson(step.input, `${at}.input`);
    const headers = toExactJson(step.headers, `${at}.headers`);
    const { delay, until } = delayOf(step);
    const visibleAt = until === null ? "" : `,"until":"${until}"`;
    const json = `{"message":${message.slice(0, -1)},"input":${input}},"headers":${headers},"delay":${delay}${visibleAt}}`;
    return { stepId, json, isTimed: until !== null || !Number.isInteger(delay) };
  } catch (error) {
    if (!(error instanceof InexactNumberError)) throw error;
    return { problem: error.message };
  }
}

function delayOf({ delay, delaySeconds = 0 }: Pick<StepToEnqueue, "delay" | "delaySeconds">): {
  readonly delay: number;
  readonly until: string | null;
} {
  if (delay instanceof Date) return { delay: 0, until: delay.toISOString() };
  return { delay: delay === undefined ? delaySeconds : delay / 1_000, until: null };
}
