import { InexactNumberError, ObservabilityError, toExactJson } from "@tasker-observability/core";
import {
  assertValid,
  numberProblemOf,
  objectLike,
  parseOptions,
  problemOf,
  takesOptions,
  unknownOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import type { SqlStatement } from "@tasker-observability/postgres";
import { notifySql } from "./notify-trigger.js";
import { sqlStateOf } from "./sql-failure.js";
import { queuesOf } from "./step-queues.js";
import { parseStepMessage } from "./step-message.js";

/** A step to run, as an application puts it on a queue. */
export interface StepToEnqueue {
  /** @default a random UUID */
  readonly stepId?: string | undefined;
  readonly template: {
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
  };
  readonly stepName: string;
  /** What JSON can say. @default null */
  readonly input?: unknown;
  /** Whole seconds until the step may be claimed; at most a year. @default 0 */
  readonly delaySeconds?: number | undefined;
  /** PGMQ headers, which handlers see and dead letters keep: `traceparent`, `x-pgmq-group`, … They need PGMQ 1.5. @default none */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** A client of yours with a transaction open: a `pg` Client fits as it is. */
export interface EnqueueTransaction {
  /** Runs one statement, with `values` bound to `$1` …. */
  query(text: string, values: unknown[]): Promise<unknown>;
}

const enqueueOptionsSchema = z.strictObject({
  /** Enqueues by this client: the steps are there once you commit, and never where you roll back. @default a transaction of its own */
  transaction: z.optional(
    objectLike<EnqueueTransaction>({
      name: "a client whose transaction is open",
      methods: ["query"],
    }),
  ),
});
/** How steps are enqueued. */
export type EnqueueOptions = z.input<typeof enqueueOptionsSchema>;

const known = ["stepId", "template", "stepName", "input", "delaySeconds", "headers"];
const longestDelaySeconds = 365 * 24 * 3_600;

/**
 * One statement that puts the steps on the queue of their namespace; `assertStored` reads its answer.
 * @param notifies - whether it notifies workers that wait for steps.
 * @throws ObservabilityError INVALID_PARAMS that names everything wrong with the steps.
 */
export function enqueueStatement(
  steps: readonly StepToEnqueue[],
  enqueuedAt: string,
  notifies = false,
): SqlStatement & { readonly values: unknown[] } {
  assertValid(steps.flatMap((step) => validateNames(step)));
  const namespaces = new Set(steps.map((step) => namespaceOf(step)));
  if (namespaces.size > 1)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      "enqueue takes the steps of one namespace at a time.",
    );
  const read = steps.map((step, index) => toRow(step, `steps[${index}]`, enqueuedAt));
  assertValid(read.flatMap(({ problems }) => problems));
  const [namespace = ""] = namespaces;
  const { name, text } = textOf(steps);
  return {
    name: notifies ? `${name}_notify` : name,
    text: countingText(text, notifies),
    values: [queuesOf(namespace).steps, `[${read.map(({ json }) => json).join()}]`],
  };
}

/** A caller without types may pass anything here; validation reports it with the other problems. */
function namespaceOf({ template }: Partial<StepToEnqueue>): string {
  return String(template?.namespace);
}

/** Where no step has headers or a delay, any PGMQ and the fewest calls will do. */
function textOf(steps: readonly StepToEnqueue[]): { name: string; text: string } {
  if (hasHeaders(steps))
    return { name: "tasker_enqueue_headers", text: sendEach("headers, delay") };
  return steps.some(({ delaySeconds = 0 }) => delaySeconds > 0)
    ? { name: "tasker_enqueue_delay", text: sendEach("delay") }
    : {
        name: "tasker_enqueue",
        text: "select pgmq.send_batch($1::text, array(select (value->'message')::jsonb from json_array_elements($2::text::json)))",
      };
}

/** Counting reads what is sent to its end. PGMQ returns no id for a row that a trigger keeps out. */
const countingText = (text: string, notifies: boolean): string =>
  `with sent as materialized (${text})
select are_stored${notifies ? `, ${notifySql}` : ""}
  from (select count(*) = json_array_length($2::text::json) as are_stored from sent) as counted`;

const sendEach = (more: string): string => `select sent.*
  from (select (value->'message')::jsonb as message, nullif((value->'headers')::jsonb, 'null') as headers, (value->>'delay')::int as delay
          from json_array_elements($2::text::json) with ordinality order by ordinality offset 0) as step
 cross join lateral pgmq.send($1::text, message, ${more}) as sent`;

interface Row {
  readonly json: string;
  readonly problems: readonly string[];
}

function toRow(
  { stepId = crypto.randomUUID(), template, stepName, ...step }: StepToEnqueue,
  at: string,
  enqueuedAt: string,
): Row {
  const message = { step_id: stepId, template, step_name: stepName, enqueued_at: enqueuedAt };
  const parsed = parseStepMessage(message);
  const problems = [
    ...("problem" in parsed ? [`${at} is no step: ${parsed.problem}.`] : []),
    ...validateDelay(`${at}.delaySeconds`, step.delaySeconds),
    ...validateHeaders(`${at}.headers`, step.headers),
  ];
  try {
    const input = toExactJson(step.input, `${at}.input`);
    const headers = toExactJson(step.headers, `${at}.headers`);
    const json = `{"message":${JSON.stringify(message).slice(0, -1)},"input":${input}},"headers":${headers},"delay":${step.delaySeconds ?? 0}}`;
    return { json, problems };
  } catch (error) {
    if (!(error instanceof InexactNumberError)) throw error;
    return { json: "", problems: [...problems, error.message] };
  }
}

/** By hand and not by a schema: this runs for every step. */
function validateNames(step: unknown): readonly string[] {
  if (typeof step !== "object" || step === null) return [takesOptions("A step", known, step)];
  const unknown = Object.keys(step).filter((name) => !known.includes(name));
  return unknown.map((name) => unknownOption("a step", name, known));
}

function validateDelay(name: string, seconds: unknown): readonly string[] {
  const isRight =
    seconds === undefined ||
    (Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) <= longestDelaySeconds);
  return isRight
    ? []
    : [numberProblemOf([name], `a whole number from 0 to ${longestDelaySeconds}`, seconds)];
}

function validateHeaders(name: string, headers: unknown): readonly string[] {
  const isRight =
    headers === undefined ||
    (typeof headers === "object" && headers !== null && !Array.isArray(headers));
  return isRight ? [] : [problemOf([name], 'an object such as { traceparent: "…" }', headers)];
}

/** The arguments of `enqueue`: steps one by one, or a list of them and options. */
export function readEnqueueArguments(args: readonly unknown[]): {
  readonly steps: readonly StepToEnqueue[];
  readonly transaction: EnqueueTransaction | undefined;
} {
  if (!Array.isArray(args[0])) return { steps: args as StepToEnqueue[], transaction: undefined };
  const [steps, options = {}] = args;
  const { transaction } = parseOptions("enqueue", enqueueOptionsSchema, options);
  return { steps: steps as readonly StepToEnqueue[], transaction };
}

/** Says what to do where this PGMQ cannot send headers; whatever else the database answers stays as it is. */
export function toEnqueueError(error: unknown, steps: readonly StepToEnqueue[]): unknown {
  if (sqlStateOf(error) !== "42883" || !hasHeaders(steps)) return error;
  return new Error(
    "This database's PGMQ cannot send steps with headers: it needs PGMQ 1.5. Leave the headers out, or upgrade the extension.",
    { cause: error },
  );
}

function hasHeaders(steps: readonly StepToEnqueue[]): boolean {
  return steps.some(({ headers }) => headers !== undefined);
}
