import { assertValid, parseOptions, validateOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";

export const sqlAdapterOptionsSchema = z.strictObject({
  /** Whether statements are named. `false` is for transaction poolers. With `true`, the first refusal is noticed: that statement and all later ones run without a name. @default true */
  preparedStatements: z._default(z.boolean(), true),
});
/** Options of {@link fromPgPool} and {@link fromPostgres}. */
export type SqlAdapterOptions = z.input<typeof sqlAdapterOptionsSchema>;

/**
 * Reads the options of an adapter.
 *
 * @param clientProblem - what is wrong with the client; null if nothing is.
 * @throws ObservabilityError INVALID_PARAMS that lists every mistake in the client and the options.
 */
export function readAdapterOptions(
  factory: string,
  clientProblem: string | null,
  options: unknown,
): z.output<typeof sqlAdapterOptionsSchema> {
  if (clientProblem !== null)
    assertValid([clientProblem, ...validateOptions(factory, sqlAdapterOptionsSchema, options)]);
  return parseOptions(factory, sqlAdapterOptionsSchema, options);
}
