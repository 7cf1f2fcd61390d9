// Types only: core loads no library at run time, so that a probe command starts as fast as Node does.
import type * as z from "zod";
import type { Awaitable } from "./awaitable.js";
import type { OperationFacts, Verdict } from "./operation-facts.js";
import type { WorkerContext } from "./context.js";
import type { Lifecycle } from "./lifecycle.js";

/** What a running operation knows about its call. */
export interface Call {
  /** Aborted when no caller waits for the answer any more. Created on first use. */
  readonly signal: AbortSignal;
  /** Milliseconds that the caller grants; `Infinity` in process. */
  readonly budgetMs: number;
  /** The media type to answer in: one of the operation's. */
  readonly mediaType: string;
}

/** The worker that an operation answers for. It has to be running. */
export type OperationContext = Pick<WorkerContext, "logger" | "clock"> & {
  readonly lifecycle: Pick<Lifecycle, "current">;
};

/** An object schema, made by `zod` or `zod/mini`: the parts that transports use. */
export interface ParamsSchema extends z.core.$ZodObject {
  /** The schema of each param, by its name. */
  readonly shape: z.core.$ZodShape;
  /** Validates params without throwing. */
  safeParse(params: unknown): z.core.util.SafeParseResult<unknown>;
}

/**
 * One call that a worker answers, on every transport. {@link defineOperation} makes one.
 *
 * `run` is a method on purpose, so that a typed operation erases to `Operation`; only `invoke` calls it.
 */
export interface Operation<
  Name extends string = string,
  Params extends ParamsSchema = ParamsSchema,
  Result extends z.core.$ZodType = z.core.$ZodType,
> extends OperationFacts {
  /** Lower snake case: the name of the function and of the socket's method, and the name for `call`. */
  readonly name: Name;
  /** A strict object schema: it rejects unknown keys. */
  readonly params: Params;
  /** The schema of the result. */
  readonly result: Result;
  /** The first is the default. Other than `application/json`: the result is text already. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** The worker that it answers for. */
  readonly context: OperationContext;
  /** The result as a verdict, for HTTP statuses and exit codes. @default always "ok" */
  verdict?(result: z.output<Result>): Verdict;
  /** Returns a result or a promise of one; the same frozen result twice in a row is encoded once. */
  run(params: z.output<Params>, call: Call): Awaitable<z.output<Result>>;
}

/** Operations by name. An operations map is a `type`, not an `interface`, or it has no index signature. */
export type Operations = { readonly [name: string]: Operation };

/** What an operation resolves to. */
export type ResultOf<O extends Operation> = z.output<O["result"]>;

/** The params that an operation takes, as a caller gives them. */
export type ParamsOf<O extends Operation> = z.input<O["params"]>;

/** Whether an operation of this type takes no params. */
export type TakesNoParams<O extends Operation> = keyof O["params"]["shape"] extends never
  ? true
  : false;
