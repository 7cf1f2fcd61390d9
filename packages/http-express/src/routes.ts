import {
  withPlaceholders,
  type HttpEndpoint,
  type Operation,
  type Verdict,
} from "@tasker-observability/core";

/** What an access policy decides by. */
export type OperationTraits = Pick<Operation, "group" | "access" | "exposure">;

/** One method on one path. */
export interface Route extends OperationTraits {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments in braces are the operation's params of that name. */
  readonly path: string;
  /** The operation's name. */
  readonly operation: string;
}

/** The HTTP endpoints of an operation. */
export function routesOf({ name, http = [], group, access, exposure }: Operation): Route[] {
  return http.map((endpoint) => ({ ...split(endpoint), operation: name, group, access, exposure }));
}

function split(endpoint: HttpEndpoint): Pick<Route, "method" | "path"> {
  const [method, path] = endpoint.split(" ") as [Route["method"], string];
  return { method, path };
}

/** All endpoints of the catalogue, without those of an application's own operations. */
export const routes: readonly Route[] = Object.values(withPlaceholders({})).flatMap(routesOf);

/** The HTTP status of each verdict; the body is always the result. */
export const verdictStatus: Readonly<Record<Verdict, number>> = {
  ok: 200,
  unavailable: 503,
  not_found: 404,
  upstream_failed: 502,
};
