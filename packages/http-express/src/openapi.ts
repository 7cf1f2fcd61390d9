import {
  type AccessPolicy,
  type Operation,
  type Operations,
  type OperationSource,
  toOperations,
} from "@tasker-observability/core";
import { parseOptions, textOption } from "@tasker-observability/core/options";
import * as z from "zod";
import { serverLimitsSchema } from "./guarded-server.js";
import { resolvePolicy, withAccessRules } from "./http-access.js";
import { httpOptionsShape } from "./http-options.js";
import { createOpenApiSchemas, type JsonObject, type OpenApiSchemas } from "./openapi-schemas.js";
import { type Route, routesOf, verdictStatus } from "./routes.js";

const openApiOptionsSchema = withAccessRules(
  z.strictObject({
    ...httpOptionsShape,
    ...serverLimitsSchema.shape,
    /** Version of the API as the document states it. @default "1.0.0" */
    version: z._default(
      textOption("a string", () => true),
      "1.0.0",
    ),
    /** Where the endpoints are mounted. @default "/" */
    serverUrl: z._default(
      textOption("a string", () => true),
      "/",
    ),
  }),
);
/** Options of {@link createOpenApiDocument}: those of the router or listener that it describes, and two more. */
export type OpenApiOptions = z.input<typeof openApiOptionsSchema>;

/** An OpenAPI 3.1 document: plain JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  /** Path items by path. */
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components: JsonObject;
}

/**
 * Describes the endpoints that a router or listener with these operations and options answers. Operations that are not
 * installed, switched off or not permitted are left out.
 *
 * @throws ObservabilityError INVALID_PARAMS when the options are wrong.
 */
export async function createOpenApiDocument(
  operations: OperationSource,
  options: OpenApiOptions = {},
): Promise<OpenApiDocument> {
  const resolved = parseOptions("createOpenApiDocument", openApiOptionsSchema, options);
  const policy = resolvePolicy(resolved);
  const described = describedRoutes(toOperations(operations), policy);
  const schemas = await createOpenApiSchemas(described.map(({ operation }) => operation));
  const paths: Record<string, Record<string, JsonObject>> = {};
  const taken = new Set<string>();
  for (const { route, operation } of described) {
    const id = unusedId(taken, route);
    taken.add(id);
    (paths[route.path] ??= {})[route.method.toLowerCase()] = {
      operationId: id,
      ...(operation.summary === undefined ? {} : { summary: operation.summary }),
      tags: [operation.group],
      parameters: parametersOf(route, operation, schemas),
      responses: responsesOf(operation, schemas),
      security:
        policy.refusal(operation, { transport: "http", rights: null }) === "UNAUTHORIZED"
          ? [{ api_key: [] }, { bearer: [] }]
          : [],
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Worker observability", version: resolved.version },
    servers: [{ url: resolved.serverUrl }],
    paths,
    components: {
      schemas: { ...schemas.components, Error: errorSchema },
      responses: { Error: errorResponse },
      ...securityOf(resolved),
    },
  };
}

/** The operation's name, after the version that its path begins with; the method distinguishes two on one path. */
function unusedId(taken: ReadonlySet<string>, { operation, path, method }: Route): string {
  const [, version] = /^\/(v\d+)\//.exec(path) ?? [];
  const id = version === undefined ? operation : `${version}_${operation}`;
  return taken.has(id) ? `${id}_${method.toLowerCase()}` : id;
}

interface DescribedRoute {
  readonly route: Route;
  readonly operation: Operation;
}

function describedRoutes(operations: Operations, policy: AccessPolicy): DescribedRoute[] {
  return Object.values(operations)
    .filter(
      (operation) =>
        policy.offers(operation, "http") &&
        policy.refusal(operation, { transport: "http", rights: ["read", "write"] }) === null,
    )
    .flatMap((operation) => routesOf(operation).map((route) => ({ route, operation })));
}

function parametersOf(route: Route, operation: Operation, schemas: OpenApiSchemas): JsonObject[] {
  return schemas.paramsOf(operation).map(({ name, required, schema }) => {
    if (route.path.includes(`{${name}}`)) return { name, in: "path", required: true, schema };
    const ownDefault = operation.httpDefaults?.[name];
    return {
      name,
      in: "query",
      required,
      schema: ownDefault === undefined ? schema : { ...schema, default: ownDefault },
    };
  });
}

function responsesOf(operation: Operation, schemas: OpenApiSchemas): JsonObject {
  const result = schemas.resultOf(operation);
  const contentOf = (schema: JsonObject): JsonObject =>
    Object.fromEntries(operation.mediaTypes.map((type) => [type, { schema }]));
  const responses: Record<string, JsonObject> = {
    200: { description: "The result.", content: contentOf(result) },
  };
  for (const verdict of operation.verdicts ?? []) {
    const description = `The result, with the verdict ${verdict.replace("_", " ")}, or an error.`;
    responses[verdictStatus[verdict]] = {
      description,
      content: contentOf({ anyOf: [result, { $ref: "#/components/schemas/Error" }] }),
    };
  }
  return { ...responses, default: { $ref: "#/components/responses/Error" } };
}

function securityOf({ auth }: z.output<typeof openApiOptionsSchema>): JsonObject {
  if (auth === undefined) return {};
  return {
    securitySchemes: {
      api_key: { type: "apiKey", in: "header", name: auth.header },
      bearer: { type: "http", scheme: "bearer", description: "The same key." },
    },
  };
}

const errorSchema: JsonObject = {
  type: "object",
  properties: {
    error: { type: "string", description: "What went wrong, as a code in lower snake case." },
    message: { type: "string", description: "The same in words, with what to do." },
    timestamp: { type: "string", format: "date-time" },
    request_id: { type: "string", description: "Also in the header X-Request-Id." },
  },
  required: ["error", "message", "timestamp", "request_id"],
};

const errorResponse: JsonObject = {
  description: "The operation was rejected, or failed.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};
