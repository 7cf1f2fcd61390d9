import { catalogue, type OperationName, operationNames } from "./catalogue.js";
import { noContext } from "./define-operation.js";
import { ObservabilityError } from "./errors.js";
import type { Operation, OperationContext, Operations } from "./operation.js";
import { notInstalled } from "./unavailable.js";

/** A service, a facade or a worker: whatever has operations. */
export interface HasOperations {
  readonly operations: Operations;
}

/** What transports take: operations by name, and services by any name. */
export type OperationSource = Readonly<Record<string, Operation | HasOperations>>;

/**
 * The operations of a source by name. An operation without a context answers for the worker of the others.
 *
 * @throws ObservabilityError INVALID_PARAMS if a value is neither an operation nor a service, if an operation is not
 * under its own name, or if two have one name.
 */
export function toOperations(source: OperationSource): Operations {
  const entries = Object.entries(source).flatMap(entriesOf);
  const problems = entries.flatMap(([key, operation], index) => [
    ...(key === operation.name ? [] : [misplacedMessage(key, operation)]),
    ...(entries.findIndex(([other]) => other === key) === index
      ? []
      : [`There are two operations ${key}: give one of them another name.`]),
  ]);
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
  const context = entries.find(([, operation]) => operation.context !== noContext)?.[1].context;
  return Object.freeze(
    Object.fromEntries(entries.map(([key, operation]) => [key, withContext(context, operation)])),
  );
}

function entriesOf([key, value]: readonly [string, unknown]): readonly [string, Operation][] {
  if (isObject(value) && isObject(value.operations))
    return Object.entries(value.operations as Operations);
  return [[key, isOperation(value) ? value : throwNotAnOperation(key)]];
}

function isOperation(value: unknown): value is Operation {
  return isObject(value) && typeof value.run === "function" && isObject(value.context);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function throwNotAnOperation(key: string): never {
  throw new ObservabilityError(
    "INVALID_PARAMS",
    `operations.${key} is neither an operation nor a service: pass operations by name, or services, such as { health, metrics }.`,
  );
}

function misplacedMessage(key: string, { name }: Operation): string {
  return `operations.${key} is the operation ${name}: pass it under its own name.`;
}

function withContext(context: OperationContext | undefined, operation: Operation): Operation {
  return context === undefined || operation.context !== noContext
    ? operation
    : Object.freeze({ ...operation, context });
}

/**
 * The operations of the catalogue, with a placeholder for each one that is not installed, and all others that were
 * given.
 */
export type OperationsWithPlaceholders = Operations & Readonly<Record<OperationName, Operation>>;

/**
 * Adds placeholders for operations that are not installed, so that the policy applies to them too and the answer is
 * SERVICE_NOT_INSTALLED.
 */
export function withPlaceholders(operations: Operations): OperationsWithPlaceholders {
  const placeholders = operationNames
    .filter((name) => !Object.hasOwn(operations, name))
    .map((name) => [name, createPlaceholder(name)] as const);
  return Object.freeze({
    ...Object.fromEntries(placeholders),
    ...operations,
  }) as OperationsWithPlaceholders;
}

const placeholderSchema = { shape: {}, safeParse: () => ({ success: true, data: {} }) };

/** Stands in for an operation whose service was not given. It accepts any params, because it reads none. */
function createPlaceholder(name: OperationName): Operation {
  const placeholder = {
    ...catalogue[name],
    name,
    params: placeholderSchema,
    result: placeholderSchema,
    mediaTypes: ["application/json"],
    context: noContext,
    async run() {
      throw notInstalled(`this worker was assembled without the service for ${name}.`);
    },
  };
  return Object.freeze(placeholder) as unknown as Operation;
}
