import type { OperationSource } from "@tasker-observability/core";
import { kindOf } from "@tasker-observability/core/options";
import * as z from "zod";

/** Operations by name, services, or both. */
export const operationsOption: z.ZodType<OperationSource, OperationSource> = z
  .custom<OperationSource>((value) => !hasOperations(value) && isSource(value), {
    error: ({ input }) =>
      `operations must be operations by name: pass the \`operations\` of ${
        hasOperations(input) ? "this facade or worker" : "a facade or a worker"
      }, not ${hasOperations(input) ? "the object itself" : kindOf(input)}.`,
  })
  .meta({ type: "operations by name" });

function isSource(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every((entry) => isOperation(entry) || hasOperations(entry))
  );
}

/** A service, or another object with operations. */
function hasOperations(value: unknown): boolean {
  return isObject(value) && isObject(value.operations);
}

function isOperation(value: unknown): boolean {
  if (!isObject(value) || typeof value.run !== "function") return false;
  const { context } = value;
  return isObject(context) && isObject(context.clock) && isObject(context.lifecycle);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
