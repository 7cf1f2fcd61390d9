import { catalogue, ObservabilityError, type OperationName } from "@tasker-observability/core";
import type { CallOperation } from "./call-operation.js";
import type { ObservabilityMethods } from "./observability-methods.js";

/** The facade's methods for any way to call an operation: in this process, or over a socket. */
export function createFacadeMethods(call: CallOperation): ObservabilityMethods {
  const methods = Object.entries(catalogue).map(([name, row]) => [
    row.facade,
    "params" in row
      ? async (options?: unknown) => call(name, toParams(options, row))
      : () => call(name),
  ]);
  const all = {
    ...Object.fromEntries(methods),
    ready: () => hasStatus(call("health_ready"), "healthy"),
    alive: () => hasStatus(call("health_live"), "alive"),
    call,
  } as unknown;
  // Tests check that every result matches its schema.
  return Object.freeze(all) as ObservabilityMethods;
}

async function hasStatus(answer: Promise<unknown>, status: string): Promise<boolean> {
  try {
    return ((await answer) as { readonly status?: unknown }).status === status;
  } catch {
    return false;
  }
}

type RowWithParams = Extract<
  (typeof catalogue)[OperationName],
  { readonly params: readonly string[] }
>;

/** @throws ObservabilityError INVALID_PARAMS if a getter or a proxy throws; their errors may contain anything, so they are not passed on. */
function toParams(options: unknown, { facade, params }: RowWithParams): unknown {
  try {
    return renameKeys(options, params);
  } catch {
    throw new ObservabilityError("INVALID_PARAMS", `The options of ${facade} cannot be read.`);
  }
}

/** Passes on other values and unknown keys unchanged: the operation's schema rejects them. */
function renameKeys(options: unknown, params: readonly string[]): unknown {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  const names = new Map(params.map((name) => [toCamelCase(name), name]));
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [names.get(key) ?? key, value]));
}

function toCamelCase(snake: string): string {
  return snake.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
