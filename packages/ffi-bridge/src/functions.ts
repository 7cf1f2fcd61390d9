import {
  type AccessPolicy,
  answer,
  withPlaceholders,
  inProcess,
  type Operation,
  type OperationName,
  type OperationSource,
  toOperations,
} from "@tasker-observability/core";
import { assertValid, policyOption, validateOptions } from "@tasker-observability/core/options";
import * as z from "zod";
import { toParamsValue } from "./call-operation.js";
import type { ArgumentsOf } from "./facade-of.js";
import type { AllOperations } from "./observability-methods.js";
import { operationsOption } from "./option-types.js";

/** The identity of a template. */
export type TemplateParams = ArgumentsOf<AllOperations["template_get"]>[0];

/** Which templates to list. */
export type TemplatesListParams = NonNullable<ArgumentsOf<AllOperations["templates_list"]>[0]>;

type FunctionOf<O extends Operation> = (...params: ArgumentsOf<O>) => Promise<string>;

/**
 * The operations as functions of the same name, for callers that want bytes. Each takes one params object and resolves
 * to a JSON text, or to the bare text if the operation's result is a text (`metrics_prometheus`, `config_environment`).
 * They reject with ObservabilityError, and never throw synchronously.
 */
export type BridgeFunctions = {
  readonly [Name in keyof AllOperations]: FunctionOf<AllOperations[Name]>;
};

/** The functions of an application's own operations. */
export type OwnFunctions<Source> = string extends keyof Source
  ? unknown
  : {
      readonly [Name in Exclude<keyof Source, OperationName>]: Source[Name] extends Operation
        ? FunctionOf<Source[Name]>
        : unknown;
    };

const bridgeFunctionsOptionsSchema = z.strictObject({
  /** What may be called. In process, everything, unless your own policy says otherwise. @default createAccessPolicy() */
  policy: z.optional(policyOption),
});
/** Options of {@link createBridgeFunctions}. */
export type BridgeFunctionsOptions = z.input<typeof bridgeFunctionsOptionsSchema>;

/**
 * Makes the functions of the whole catalogue and of your own operations, whether or not HTTP is on. A function whose
 * service is missing rejects with SERVICE_NOT_INSTALLED.
 *
 * @example
 * const functions = createBridgeFunctions(observability.operations);
 * JSON.parse(await functions.template_get({ namespace: "payments", name: "refund", version: "1.0.0" }));
 *
 * @throws ObservabilityError INVALID_PARAMS at once, for what are no operations, and for wrong options.
 */
export function createBridgeFunctions<Source extends OperationSource>(
  operations: Source,
  options: BridgeFunctionsOptions = {},
): BridgeFunctions & OwnFunctions<Source> {
  const taker = "createBridgeFunctions";
  assertValid([
    ...validateOptions(taker, operationsOption, operations),
    ...validateOptions(taker, bridgeFunctionsOptionsSchema, options),
  ]);
  const functions = Object.entries(withPlaceholders(toOperations(operations))).map(
    ([name, operation]) => [name, createFunction(operation, options.policy)] as const,
  );
  return Object.freeze(Object.fromEntries(functions)) as BridgeFunctions & OwnFunctions<Source>;
}

function createFunction(
  operation: Operation,
  policy: AccessPolicy | undefined,
): (params?: unknown) => Promise<string> {
  return async (params) =>
    (await answer(operation, toParamsValue(params), inProcess, undefined, policy)).body;
}
