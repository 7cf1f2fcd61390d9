import {
  type AccessPolicy,
  type Operation,
  operationGroups,
  type Operations,
  type OperationSource,
  toOperations,
} from "@tasker-observability/core";
import { parseOptions, textOption } from "@tasker-observability/core/options";
import * as z from "zod";
import { serverLimitsSchema } from "./guarded-server.js";
import { resolvePolicy, withAccessRules } from "./http-access.js";
import { httpOptionsShape } from "./http-options.js";
import { OpenApiResponses } from "./openapi-responses.js";
import { createOpenApiSchemas, type JsonObject, type OpenApiSchemas } from "./openapi-schemas.js";
import { type Route, routesOf } from "./routes.js";
import { packageVersion } from "./version.js";

const openApiOptionsSchema = withAccessRules(
  z.strictObject({
    ...httpOptionsShape,
    ...serverLimitsSchema.shape,
    /** Version of the API as the document states it. @default that of this package */
    version: z._default(
      textOption("a string", () => true),
      packageVersion,
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
  /** The groups that the endpoints belong to. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Path items by path. */
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components: JsonObject;
}

/**
 * Describes the endpoints of a router or listener with these operations and options. The document omits
 * operations that are not installed, switched off or not permitted. `GET /openapi.json` answers the same.
 *
 * @throws ObservabilityError INVALID_PARAMS when the options are wrong.
 */
export async function createOpenApiDocument(
  operations: OperationSource,
  options: OpenApiOptions = {},
): Promise<OpenApiDocument> {
  const resolved = parseOptions("createOpenApiDocument", openApiOptionsSchema, options);
  const access = { policy: resolvePolicy(resolved), keyHeader: resolved.auth?.header ?? null };
  const document = await describeEndpoints(toOperations(operations), access, resolved.version);
  return { ...document, servers: [{ url: resolved.serverUrl }] };
}

/** What decides how endpoints are described. */
export interface DescribedAccess {
  readonly policy: AccessPolicy;
  /** The header that carries the key; null if no key is required. */
  readonly keyHeader: string | null;
}

/** The document without the mount path, which is not known yet. */
export async function describeEndpoints(
  operations: Operations,
  { policy, keyHeader }: DescribedAccess,
  version = packageVersion,
): Promise<Omit<OpenApiDocument, "servers">> {
  const described = describedRoutes(operations, policy);
  const schemas = await createOpenApiSchemas(described.map(({ operation }) => operation));
  const responses = new OpenApiResponses(policy);
  const paths: Record<string, Record<string, JsonObject>> = {};
  const taken = new Set<string>();
  for (const { route, operation } of described) {
    const id = unusedId(taken, route);
    taken.add(id);
    (paths[route.path] ??= {})[route.method.toLowerCase()] = {
      operationId: id,
      ...textsOf(operation),
      tags: [operation.group],
      parameters: parametersOf(route, operation, schemas),
      responses: responses.of(operation, schemas.resultOf(operation)),
      security:
        policy.refusal(operation, { transport: "http", rights: null }) === "UNAUTHORIZED"
          ? [{ api_key: [] }, { bearer: [] }]
          : [],
    };
  }
  return {
    openapi: "3.1.0",
    info: infoOf(version),
    tags: Object.entries(operationGroups)
      .filter(([name]) => described.some(({ operation }) => operation.group === name))
      .map(([name, { description }]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...schemas.components, ...responses.schemas },
      responses: responses.components,
      ...securityOf(keyHeader),
    },
  };
}

function infoOf(version: string) {
  const url = "https://github.com/tasker-systems/tasker-observability-ts";
  return {
    title: "Worker observability",
    description: "Health, metrics, templates and configuration of one worker.",
    version,
    license: { name: "MIT", identifier: "MIT" },
    contact: { name: "tasker-observability", url },
  };
}

/** The operation's name in words stands in for a summary that an application did not give. */
function textsOf({ name, summary, description }: Operation): JsonObject {
  const [first = "", ...words] = name.split("_");
  const inWords = [first.charAt(0).toUpperCase() + first.slice(1), ...words].join(" ");
  const title = summary ?? `${inWords}.`;
  return { summary: title, description: description ?? title };
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
  const { httpDefaults, deadlineHeader } = operation;
  const parameters = schemas.paramsOf(operation).map(({ name, required, schema }) => {
    const { description, ...type } = schema;
    const texts = description === undefined ? {} : { description };
    if (route.path.includes(`{${name}}`))
      return { name, in: "path", required: true, ...texts, schema: type };
    const ownDefault = httpDefaults?.[name];
    const value = ownDefault === undefined ? type : { ...type, default: ownDefault };
    return { name, in: "query", required, ...texts, schema: value };
  });
  if (deadlineHeader === undefined) return parameters;
  const description = "How many seconds the caller waits.";
  const schema = { type: "number", exclusiveMinimum: 0 };
  return [
    ...parameters,
    { name: deadlineHeader, in: "header", required: false, description, schema },
  ];
}

function securityOf(keyHeader: string | null): JsonObject {
  if (keyHeader === null) return {};
  return {
    securitySchemes: {
      api_key: { type: "apiKey", in: "header", name: keyHeader },
      bearer: { type: "http", scheme: "bearer", description: "The same key." },
    },
  };
}
