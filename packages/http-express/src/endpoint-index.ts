import {
  type AccessPolicy,
  defineOperation,
  isWrite,
  type Operation,
  type Operations,
} from "@tasker-observability/core";
import * as z from "zod";
import { routesOf } from "./routes.js";

const endpointIndexSchema = z.object({
  /** The header that carries an API key; null if none is needed. */
  key_header: z.string().nullable(),
  endpoints: z.array(
    z.object({
      method: z.string(),
      /** Relative to where the endpoints are mounted; segments in braces are params. */
      path: z.string(),
      operation: z.string(),
      group: z.string(),
      access: z.enum(["read", "write"]),
      /** False for writes that HTTP does not offer, whatever the caller's rights. */
      enabled: z.boolean(),
      summary: z.string().nullable(),
    }),
  ),
});

/** What the index says of access. */
export interface IndexedAccess {
  readonly policy: AccessPolicy;
  /** Null if no key is needed. */
  readonly keyHeader: string | null;
}

/** The operation that lists the endpoints of installed operations, at `GET /`. It is open as probes are: it has no data. */
export function createEndpointIndex(
  operations: Operations,
  { policy, keyHeader }: IndexedAccess,
): Operation {
  const offered = Object.values(operations).filter((operation) => policy.offers(operation, "http"));
  const everyRight = { transport: "http", rights: ["read", "write"] } as const;
  const index = Object.freeze({
    key_header: keyHeader,
    endpoints: offered.flatMap((operation) =>
      routesOf(operation).map(({ method, path }) => ({
        method,
        path,
        operation: operation.name,
        group: operation.group,
        access: isWrite(operation) ? ("write" as const) : ("read" as const),
        enabled: policy.refusal(operation, everyRight) === null,
        summary: operation.summary ?? null,
      })),
    ),
  });
  const operation = defineOperation({
    name: "endpoint_index",
    group: "dashboard",
    access: "read",
    exposure: "probe",
    params: z.strictObject({}),
    result: endpointIndexSchema,
    context: offered[0]?.context,
    run: () => index,
  });
  // Applications cannot define an operation with this path.
  return Object.freeze({ ...operation, http: ["GET /"] as const });
}
