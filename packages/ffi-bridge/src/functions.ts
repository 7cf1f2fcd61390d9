import {
  type AccessPolicy,
  answer,
  inProcess,
  type Operation,
  type Operations,
} from "@tasker-observability/core";
import { givenOptions, nameProblems, refuseProblems } from "@tasker-observability/core/options";
import { asGiven } from "./call-in-process.js";
import { completeOperations } from "./complete-operations.js";
import { type OperationName, operationNames } from "./operation-table.js";
import { operationsProblems, policyProblems } from "./option-problems.js";

/** What names one template. */
export interface TemplateParams {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

/** Which templates to list. */
export interface TemplatesListParams {
  /** @default false */
  readonly include_cache_stats?: boolean | undefined;
  readonly namespace?: string | undefined;
  /** @default all */
  readonly limit?: number | undefined;
  /** @default 0 */
  readonly offset?: number | undefined;
}

type OfOneTemplate = "template_get" | "template_validate" | "template_refresh";
type NoParams = Readonly<Record<string, never>>;

/**
 * The operations as functions of the same name, for callers who want bytes: each takes one params object and resolves
 * to a JSON text, `metrics_prometheus` and `config_environment` to the bare text. They reject with ObservabilityError
 * and never throw synchronously.
 */
export type BridgeFunctions = {
  readonly [Name in OperationName]: Name extends OfOneTemplate
    ? (params: TemplateParams) => Promise<string>
    : Name extends "templates_list"
      ? (params?: TemplatesListParams) => Promise<string>
      : (params?: NoParams) => Promise<string>;
};

/** Options of {@link createBridgeFunctions}. */
export interface BridgeFunctionsOptions {
  /** What may be called. In process that is everything, unless a policy of your own says otherwise. @default createAccessPolicy() */
  readonly policy?: AccessPolicy | undefined;
}

/**
 * Makes all 16 functions, whatever HTTP is doing; one whose service was not given rejects with SERVICE_NOT_INSTALLED.
 *
 * @example
 * const functions = createBridgeFunctions(observability.operations);
 * JSON.parse(await functions.template_get({ namespace: "payments", name: "refund", version: "1.0.0" }));
 *
 * @throws ObservabilityError INVALID_PARAMS at once, for what are no operations, and for wrong options.
 */
export function createBridgeFunctions(
  operations: Operations,
  options: BridgeFunctionsOptions = {},
): BridgeFunctions {
  refuseProblems([
    ...operationsProblems(operations),
    ...nameProblems("createBridgeFunctions", options, ["policy"]),
    ...policyProblems(givenOptions(options).policy),
  ]);
  const complete = completeOperations(operations);
  const entries = operationNames.map(
    (name) => [name, createFunction(complete[name], options.policy)] as const,
  );
  return Object.freeze(Object.fromEntries(entries)) as BridgeFunctions;
}

function createFunction(
  operation: Operation,
  policy: AccessPolicy | undefined,
): (params?: unknown) => Promise<string> {
  return async (params) =>
    (await answer(operation, asGiven(params), inProcess, undefined, policy)).body;
}
