import { catalogue, type OperationGroup, operationNames, rowOf } from "@tasker-observability/core";
import * as z from "zod";
import { createSampleWorker } from "../../packages/ffi-bridge/src/testing/sample-worker.js";

/** What the generated files say of an operation. */
export interface DescribedOperation {
  readonly name: string;
  readonly group: OperationGroup;
  /** The facade's method. */
  readonly facade: string;
  /** The clients' method. */
  readonly method: string;
  readonly summary: string;
  readonly http: readonly string[];
  readonly isText: boolean;
  readonly params: readonly DescribedParam[];
}

/** A param, as its JSON Schema describes it. */
export interface DescribedParam {
  readonly name: string;
  /** Undefined where it may have several. */
  readonly type: string | undefined;
  readonly isRequired: boolean;
  readonly default: unknown;
}

/** The operations of the catalogue, in its order. @throws Error for a row that no service has. */
export function describeOperations(): readonly DescribedOperation[] {
  const { operations } = createSampleWorker().observability;
  return operationNames.map((name) => {
    const operation = operations[name];
    if (operation === undefined) throw new Error(`No service has the operation ${name}.`);
    const { group, facade, summary } = catalogue[name];
    return {
      name,
      group,
      facade,
      method: facade.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      summary,
      http: rowOf(name)?.http ?? [],
      isText: operation.mediaTypes[0] !== "application/json",
      params: describeParams(operation.params),
    };
  });
}

function describeParams(schema: z.core.$ZodType): readonly DescribedParam[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { type, default: value } = typeof property === "object" ? property : {};
    const only = typeof type === "string" ? type : undefined;
    return { name, type: only, isRequired: required.includes(name), default: value };
  });
}
