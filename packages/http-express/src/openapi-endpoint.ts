import type { IncomingMessage } from "node:http";
import { defineOperation, type Operation, type Operations } from "@tasker-observability/core";
import * as z from "zod";
import { type DescribedAccess, describeEndpoints } from "./openapi.js";

/** The operation that describes the others, at `GET /openapi.json`. */
export function createOpenApiOperation(operations: Operations, access: DescribedAccess): Operation {
  let describing: ReturnType<typeof describeEndpoints> | null = null;
  let latest: { readonly url: string; readonly document: Record<string, unknown> } | null = null;
  return defineOperation({
    name: "openapi_document",
    group: "openapi",
    http: "GET /openapi.json",
    access: "read",
    params: z.strictObject({ server_url: z.string() }),
    result: z.looseObject({}),
    context: Object.values(operations)[0]?.context,
    async run({ server_url: url }) {
      describing ??= describeEndpoints(operations, access);
      const described = await describing;
      if (latest?.url !== url)
        latest = { url, document: Object.freeze({ ...described, servers: [{ url }] }) };
      return latest.document;
    },
  });
}

/** Where the endpoints are mounted: what the application's router cut off the path of this request. */
export function serverUrlOf({ url = "", originalUrl }: MountedRequest): string {
  const isMounted = originalUrl?.endsWith(url) === true && originalUrl.length > url.length;
  return isMounted ? originalUrl.slice(0, -url.length) : "/";
}

/** A request as Express and its kind pass it to what is mounted at a path. */
export type MountedRequest = Pick<IncomingMessage, "url"> & {
  readonly originalUrl?: string | undefined;
};
