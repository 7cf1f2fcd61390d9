import type * as z from "zod";
import type { Awaitable } from "./awaitable.js";
import { type Catalogue, type OperationName, rowOf } from "./catalogue.js";
import type { CatalogueRow, HttpEndpoint, OperationFacts, Verdict } from "./operation-facts.js";
import { systemClock } from "./clock.js";
import { ObservabilityError } from "./errors.js";
import { silentLogger } from "./logger.js";
import type { Call, Operation, OperationContext, ParamsSchema } from "./operation.js";
import { validateDefinition } from "./validate-definition.js";

/** The parts of an operation that only its service knows. */
export interface OperationBody<Params extends ParamsSchema, Result extends z.core.$ZodType> {
  /** The schema of the result; docs and the OpenAPI document show it. */
  readonly result: Result;
  /** The result as a verdict, for HTTP statuses and exit codes. @default always "ok" */
  verdict?(result: z.output<Result>): Verdict;
  /** Answers one call. An ObservabilityError reaches the caller unchanged; any other error becomes INTERNAL. */
  run(params: z.output<Params>, call: Call): Awaitable<z.output<Result>>;
}

/** The definition for {@link defineOperation}. */
export interface OperationDefinition<
  Name extends string,
  Params extends ParamsSchema,
  Result extends z.core.$ZodType,
>
  extends OperationBody<Params, Result>, Partial<Omit<OperationFacts, "access" | "http">> {
  /** Lower snake case: the name of the function and of the socket's method, and the name for `call`. */
  readonly name: Name;
  /** `write` if it changes the worker's state: HTTP and the socket offer such operations only if the policy allows them. */
  readonly access: "read" | "write";
  /** A strict object schema. Over HTTP, params come from path and query: strings, numbers and booleans. */
  readonly params: Params;
  /** Its HTTP endpoints. @default nowhere */
  readonly http?: HttpEndpoint | readonly HttpEndpoint[] | undefined;
  /** The first is the default. Other than `application/json`: the result is text already. @default application/json */
  readonly mediaTypes?: readonly [string, ...string[]] | undefined;
  /** The worker to answer for. @default that of the other operations of the transport */
  readonly context?: OperationContext | undefined;
}

/** The context of an operation without one: always running, and silent. */
export const noContext: OperationContext = Object.freeze({
  lifecycle: Object.freeze({ current: () => "running" as const }),
  logger: silentLogger,
  clock: systemClock,
});

/**
 * Defines an operation. Pass it to a facade, router, listener or socket server, and that transport answers it.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every mistake in the definition.
 * @example
 * const ordersBacklog = defineOperation({
 *   name: "orders_backlog",
 *   http: "GET /orders/{region}/backlog",
 *   access: "read",
 *   params: z.strictObject({ region: z.string() }),
 *   result: z.object({ waiting: z.int() }),
 *   run: async ({ region }) => ({ waiting: await countOrders(region) }),
 * });
 * createObservability({ context, operations: { orders_backlog: ordersBacklog } });
 */
export function defineOperation<
  const Name extends string,
  Params extends ParamsSchema,
  Result extends z.core.$ZodType,
>(definition: OperationDefinition<Name, Params, Result>): Operation<Name, Params, Result> {
  const problems = validateDefinition(definition);
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
  return complete(definition);
}

function complete<Name extends string, Params extends ParamsSchema, Result extends z.core.$ZodType>(
  definition: OperationDefinition<Name, Params, Result>,
): Operation<Name, Params, Result> {
  const { http = [] } = definition;
  return Object.freeze({
    ...definition,
    group: definition.group ?? "custom",
    exposure: definition.exposure ?? "detail",
    mediaTypes: definition.mediaTypes ?? (["application/json"] as const),
    http: typeof http === "string" ? [http] : http,
    context: definition.context ?? noContext,
  });
}

/** Makes operations of the catalogue. Their rows state everything except what they do. */
export type DefineCatalogued<NoParams extends ParamsSchema> = <
  Name extends OperationName,
  Result extends z.core.$ZodType,
  Params extends ParamsSchema = NoParams,
>(
  name: Name,
  body: OperationBody<Params, Result> & { readonly params?: Params } & RequiredByRow<
      Name,
      Params,
      Result
    >,
) => Operation<Name, Params, Result>;

/** What a row requires of the service: the params that it names, and a verdict if it lists verdicts. */
type RequiredByRow<
  Name extends OperationName,
  Params extends ParamsSchema,
  Result extends z.core.$ZodType,
> = RequiredVerdict<Name, Result> & RequiredParams<Name, Params>;

type RequiredVerdict<
  Name extends OperationName,
  Result extends z.core.$ZodType,
> = Catalogue[Name] extends { readonly verdicts: readonly (infer Listed)[] }
  ? { verdict(result: z.output<Result>): "ok" | Listed }
  : { readonly verdict?: undefined };

/** The schema must have exactly the params that the row names. If it has not, the compile error shows them. */
type RequiredParams<
  Name extends OperationName,
  Params extends ParamsSchema,
> = Catalogue[Name] extends { readonly params: readonly (infer Named extends string)[] }
  ? {
      readonly params: AreEqual<Named, keyof Params["shape"]> extends true
        ? Params
        : ParamsSchema & { readonly shape: Readonly<Record<Named, z.core.$ZodType>> };
    }
  : { readonly params?: undefined };

type AreEqual<A, B> = [A, B] extends [B, A] ? true : false;

/**
 * Ties a worker's context and the schema of "no params" to {@link DefineCatalogued}.
 *
 * @example
 * const operation = operationsFor(service.context, z.strictObject({}));
 * const health_basic = operation("health_basic", { result: basicHealthSchema, run: () => service.basicHealth() });
 */
export function operationsFor<NoParams extends ParamsSchema>(
  context: OperationContext,
  noParams: NoParams,
): DefineCatalogued<NoParams> {
  return ((name: OperationName, body: OperationBody<ParamsSchema, z.core.$ZodType>) =>
    complete({ ...existingRow(name), params: noParams, ...body, name, context })) as never;
}

function existingRow(name: OperationName): CatalogueRow {
  const row = rowOf(name);
  if (row === undefined) throw new RangeError(`The catalogue has no operation ${name}.`);
  return row;
}

/** The operations of a group, by name: `satisfies` makes the compiler name a row without its `run`. */
export type OperationsOfGroup<Group extends Catalogue[OperationName]["group"]> = {
  readonly [
    Name in OperationName as Catalogue[Name]["group"] extends Group ? Name : never
  ]: Operation<Name>;
};
