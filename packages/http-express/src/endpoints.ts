import type { CallOptions, Operation, Operations } from "@tasker-observability/core";
import type { ResolvedHttpOptions } from "./http-options.js";
import { createMediaTypeChooser, type MediaTypeChooser } from "./media-type.js";
import { createMissingOperation } from "./missing-operation.js";
import { createParamDecoder, type ParamDecoder } from "./param-decoder.js";
import { type Route, routes } from "./routes.js";

/** One method of an endpoint, ready to be called. */
export interface Target {
  readonly operation: Operation;
  /** Null where the operation takes no params. */
  readonly decodeParams: ParamDecoder | null;
  /** Null where there is nothing to choose. */
  readonly chooseMediaType: MediaTypeChooser | null;
  readonly patienceHeader: string | null;
  /** What to call with where neither header has a say. */
  readonly callOptions: CallOptions;
}

/** One path. */
export interface Endpoint {
  /** By method; HEAD is wherever GET is. */
  readonly targets: ReadonlyMap<string, Target>;
  /** The value of an `Allow` header. */
  readonly allow: string;
}

/** The endpoints that this assembly has, by path template; those of a group that is off are not there. */
export function createEndpoints(
  operations: Operations,
  options: ResolvedHttpOptions,
): ReadonlyMap<string, Endpoint> {
  const targets = new Map<string, Map<string, Target>>();
  for (const route of routes) {
    const operation = installed(operations, route) ?? createMissingOperation(route);
    if (!options.policy.offers(operation, "http")) continue;
    const methods = targets.get(route.path) ?? new Map<string, Target>();
    targets.set(route.path, methods);
    const target = createTarget(route, operation, options);
    methods.set(route.method, target);
    if (route.method === "GET") methods.set("HEAD", target);
  }
  return new Map(
    Array.from(targets, ([path, methods]) => [
      path,
      { targets: methods, allow: [...methods.keys(), "OPTIONS"].join(", ") },
    ]),
  );
}

function installed(operations: Operations, route: Route): Operation | undefined {
  return Object.hasOwn(operations, route.operation) ? operations[route.operation] : undefined;
}

function createTarget(route: Route, operation: Operation, options: ResolvedHttpOptions): Target {
  const [mediaType, ...otherMediaTypes] = operation.mediaTypes;
  return Object.freeze({
    operation,
    decodeParams: createParamDecoder(route, operation),
    chooseMediaType:
      otherMediaTypes.length > 0 ? createMediaTypeChooser(operation.mediaTypes) : null,
    patienceHeader: route.patienceHeader ?? null,
    callOptions: Object.freeze({ budgetMs: options.requestTimeoutMs, mediaType }),
  });
}
