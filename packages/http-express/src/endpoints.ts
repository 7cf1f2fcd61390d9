import {
  type CallOptions,
  withPlaceholders,
  ObservabilityError,
  type Operation,
  type Operations,
} from "@tasker-observability/core";
import type { ResolvedHttpOptions } from "./http-options.js";
import { createMediaTypeChooser, type MediaTypeChooser } from "./media-type.js";
import { createEndpointIndex } from "./endpoint-index.js";
import { createOpenApiOperation, serverUrlOf } from "./openapi-endpoint.js";
import { createParamDecoder, type ParamDecoder } from "./param-decoder.js";
import { type Route, routesOf } from "./routes.js";

/** One method of an endpoint, ready to be called. */
export interface Target {
  readonly operation: Operation;
  /** The path with the names of its params in it, for logs. */
  readonly path: string;
  /** Null if the operation takes no params. */
  readonly decodeParams: ParamDecoder | null;
  /** Null if there is only one media type. */
  readonly chooseMediaType: MediaTypeChooser | null;
  readonly deadlineHeader: string | null;
  /** Used if neither the deadline header nor `Accept` matters. */
  readonly callOptions: CallOptions;
}

/** One path. */
export interface Endpoint {
  /** By method; HEAD accompanies GET. */
  readonly targets: ReadonlyMap<string, Target>;
  /** The value of an `Allow` header. */
  readonly allow: string;
}

/**
 * The endpoints of these operations, of their index and their OpenAPI document by path template, without the groups that are off.
 *
 * @throws ObservabilityError INVALID_PARAMS if two operations answer one method on one path.
 */
export function createEndpoints(
  operations: Operations,
  options: ResolvedHttpOptions,
): ReadonlyMap<string, Endpoint> {
  const { policy, authenticator } = options;
  const targetsByPath = new Map<string, Map<string, Target>>();
  const add = (operation: Operation, facts: Partial<Target> = {}): void => {
    if (!policy.offers(operation, "http")) return;
    for (const route of routesOf(operation)) {
      const targets = targetsByPath.get(route.path) ?? new Map<string, Target>();
      targetsByPath.set(route.path, targets);
      addTarget(targets, route, { ...createTarget(route, operation, options), ...facts });
    }
  };
  for (const operation of Object.values(withPlaceholders(operations))) add(operation);
  const access = { policy, keyHeader: authenticator?.header ?? null };
  add(createEndpointIndex(operations, access));
  add(createOpenApiOperation(operations, access), {
    decodeParams: (_segments, _query, request) => ({ server_url: serverUrlOf(request) }),
  });
  return new Map(
    Array.from(targetsByPath, ([path, targets]) => [
      path,
      { targets, allow: [...targets.keys(), "OPTIONS"].join(", ") },
    ]),
  );
}

function addTarget(targets: Map<string, Target>, { method, path }: Route, target: Target): void {
  const other = targets.get(method)?.operation.name;
  if (other !== undefined)
    throw new ObservabilityError(
      "INVALID_PARAMS",
      `${other} and ${target.operation.name} both answer ${method} ${path}: give one of them another path.`,
    );
  targets.set(method, Object.freeze(target));
  if (method === "GET") targets.set("HEAD", target);
}

function createTarget(
  { path }: Route,
  operation: Operation,
  { requestTimeoutMs }: ResolvedHttpOptions,
): Target {
  const [mediaType, ...otherMediaTypes] = operation.mediaTypes;
  return {
    operation,
    path,
    decodeParams: createParamDecoder(path, operation),
    chooseMediaType:
      otherMediaTypes.length > 0 ? createMediaTypeChooser(operation.mediaTypes) : null,
    deadlineHeader: operation.deadlineHeader ?? null,
    callOptions: Object.freeze({ budgetMs: requestTimeoutMs, mediaType }),
  };
}
