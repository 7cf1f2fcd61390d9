import { assertValid } from "@tasker-observability/core/options";
import {
  type EnqueueStatement,
  enqueueStatement,
  type EnqueueStatementOptions,
} from "./enqueue-statement.js";
import { type StepToEnqueue, validateStep } from "./step-to-enqueue.js";

/** The steps of one namespace, and the statement for them. */
export interface NamespacePart {
  readonly statement: EnqueueStatement;
  /** Where its steps are among all. */
  readonly indexes: readonly number[];
}

/** @throws ObservabilityError INVALID_PARAMS that names every mistake in the steps. */
export function enqueueStatements(
  steps: readonly StepToEnqueue[],
  options: EnqueueStatementOptions,
): readonly NamespacePart[] {
  assertValid(steps.flatMap((step, index) => validateStep(step, options.nameOf(index), options)));
  const indexesOf = new Map<string, number[]>();
  for (const [index, { template }] of steps.entries()) {
    const indexes = indexesOf.get(template.namespace);
    if (indexes === undefined) indexesOf.set(template.namespace, [index]);
    else indexes.push(index);
  }
  return [...indexesOf.values()].map((indexes) => ({
    indexes,
    statement: enqueueStatement(
      steps.filter((_, index) => indexes.includes(index)),
      { ...options, nameOf: (index) => options.nameOf(indexes[index] ?? index) },
    ),
  }));
}

/** One statement that runs all of them. Each answers with one row, whose `part` is its index. */
export function joinStatements(
  parts: readonly NamespacePart[],
): Pick<EnqueueStatement, "text" | "values"> {
  const texts = parts.map(({ statement }, index) => {
    const text = statement.text.replace(/\$(\d+)/g, (_, number: string) => {
      const before = index * statement.values.length;
      return `$${before + Number(number)}`;
    });
    return `select ${index} as part, answer.* from (${text}) as answer`;
  });
  return {
    text: texts.join("\nunion all\n"),
    values: parts.flatMap(({ statement }) => statement.values),
  };
}
