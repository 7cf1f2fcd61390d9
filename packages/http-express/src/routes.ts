import {
  completeOperations,
  type HttpEndpoint,
  type Operation,
  type Verdict,
} from "@tasker-observability/core";

/** What an access policy goes by; an operation has the same, and its own win where it is installed. */
export type OperationTraits = Pick<Operation, "group" | "access" | "exposure">;

/** One method on one path. */
export interface Route extends OperationTraits {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments in braces are the operation's params of that name. */
  readonly path: string;
  /** The operation's name. */
  readonly operation: string;
}

/** Where HTTP answers an operation. */
export function routesOf({ name, http = [], group, access, exposure }: Operation): Route[] {
  return http.map((endpoint) => ({ ...split(endpoint), operation: name, group, access, exposure }));
}

function split(endpoint: HttpEndpoint): Pick<Route, "method" | "path"> {
  const [method, path] = endpoint.split(" ") as [Route["method"], string];
  return { method, path };
}

/** Every endpoint of the catalogue. Those of an application's own operations come beside them. */
export const routes: readonly Route[] = Object.values(completeOperations({})).flatMap(routesOf);

/** The status of an answer; its body is the result all the same. */
export const verdictStatus: Readonly<Record<Verdict, number>> = {
  ok: 200,
  unavailable: 503,
  not_found: 404,
  upstream_failed: 502,
};
