import { ObservabilityError, queueNameOf } from "@tasker-observability/core";
import { assertValid } from "@tasker-observability/core/options";
import { enqueuePayload, notifyRequestersSql } from "./notify-requesters.js";
import {
  type EnqueueTime,
  type StepRow,
  type StepToEnqueue,
  toStepRow,
  validateStep,
} from "./step-to-enqueue.js";

/** One statement that puts steps on a queue. */
export interface EnqueueStatement {
  /** The name of the prepared statement; the same for the same text. */
  readonly name: string;
  readonly text: string;
  /** The queue, and the steps as JSON. */
  readonly values: string[];
  readonly queueName: string;
  /** The steps' ids, in their order. */
  readonly stepIds: readonly string[];
}

/** Options of {@link enqueueStatement}. */
export interface EnqueueStatementOptions extends EnqueueTime {
  /** Whether the statement notifies workers that wait for steps. */
  readonly notifies: boolean;
  /** Whether the statement returns the ids of the messages, in one text, instead of only whether all are stored. */
  readonly answersIds: boolean;
  /** What messages call the step of an index. */
  readonly nameOf: (index: number) => string;
}

/**
 * One statement that puts the steps on the queue of their namespace. Without ids, `assertStored` reads its answer.
 * @throws ObservabilityError INVALID_PARAMS that names every mistake in the steps.
 */
export function enqueueStatement(
  steps: readonly StepToEnqueue[],
  options: EnqueueStatementOptions,
): EnqueueStatement {
  const { nameOf, notifies, answersIds } = options;
  const queueName = queueNameOf(namespaceOf(steps, options));
  const rows = steps.map((step, index) => toStepRow(step, nameOf(index), options));
  assertValid(rows.flatMap((row) => ("problem" in row ? [row.problem] : [])));
  const read = rows.filter((row): row is StepRow => !("problem" in row));
  const { name, text } = textOf(steps, read);
  return {
    name: [name, notifies && "notify", answersIds && "ids"].filter(Boolean).join("_"),
    text: answeringSql(text, { notifies, answersIds }),
    values: [queueName, `[${read.map(({ json }) => json).join()}]`],
    queueName,
    stepIds: read.map(({ stepId }) => stepId),
  };
}

/** @throws ObservabilityError INVALID_PARAMS if the steps are wrong, or not of one namespace. */
function namespaceOf(steps: readonly StepToEnqueue[], options: EnqueueStatementOptions): string {
  assertValid(steps.flatMap((step, index) => validateStep(step, options.nameOf(index), options)));
  const namespaces = new Set(steps.map(({ template }) => template.namespace));
  if (namespaces.size > 1)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      "enqueue takes the steps of one namespace at a time.",
    );
  const [namespace = ""] = namespaces;
  return namespace;
}

/** If no step has headers or a delay, any version of PGMQ will do, with the fewest calls. */
function textOf(
  steps: readonly StepToEnqueue[],
  rows: readonly StepRow[],
): { readonly name: string; readonly text: string } {
  if (rows.some(({ isTimed }) => isTimed))
    return { name: "tasker_enqueue_until", text: sendEachSql(`headers, ${visibleAtSql}`) };
  if (hasHeaders(steps))
    return { name: "tasker_enqueue_headers", text: sendEachSql("headers, delay::int") };
  return steps.some(({ delay = 0, delaySeconds = 0 }) => delay !== 0 || delaySeconds > 0)
    ? { name: "tasker_enqueue_delay", text: sendEachSql("delay::int") }
    : {
        name: "tasker_enqueue",
        text: "select pgmq.send_batch($1::text, array(select (value->'message')::jsonb from json_array_elements($2::text::json)))",
      };
}

// A time in the past would count as waiting time of the step.
const visibleAtSql =
  "greatest(coalesce(until, clock_timestamp() + delay * interval '1 second'), clock_timestamp())";

const sendEachSql = (more: string): string => `select sent.*
  from (select (value->'message')::jsonb as message, nullif((value->'headers')::jsonb, 'null') as headers, (value->>'delay')::float8 as delay, (value->>'until')::timestamptz as until
          from json_array_elements($2::text::json) with ordinality order by ordinality offset 0) as step
 cross join lateral pgmq.send($1::text, message, ${more}) as sent`;

/** Like collecting, counting reads all rows that are sent. PGMQ returns no id for a row that a trigger keeps out. */
function answeringSql(
  text: string,
  { notifies, answersIds }: Pick<EnqueueStatementOptions, "notifies" | "answersIds">,
): string {
  const notify = notifies ? `, ${notifyRequestersSql("$1::text", `'${enqueuePayload}'`)}` : "";
  const answer = answersIds
    ? "string_agg(id::text, ',') as ids"
    : "count(*) = json_array_length($2::text::json) as are_stored";
  return `with sent(id) as materialized (${text})
select answer.*${notify} from (select ${answer} from sent) as answer`;
}

/** Whether any step needs a PGMQ that knows headers. */
export function hasHeaders(steps: readonly StepToEnqueue[]): boolean {
  return steps.some(({ headers }) => headers !== undefined);
}
