import { rowOf } from "./catalogue.js";
import { operationGroups } from "./operation-groups.js";

/**
 * Lists the mistakes in the definition of an operation: those that types cannot see, and those that JavaScript may
 * make.
 */
export function validateDefinition(definition: object): readonly string[] {
  const { name, group, http, access, exposure, mediaTypes, params, result, run } =
    definition as Readonly<Record<string, unknown>>;
  const title = typeof name === "string" ? name : "The operation";
  const shape = shapeOf(params);
  return [
    ...(typeof name === "string" && /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)
      ? []
      : ["name must be in lower snake case, such as orders_backlog."]),
    ...(rowOf(title) === undefined
      ? []
      : [`${title} is an operation of every worker: choose another name.`]),
    ...(access === "read" || access === "write"
      ? []
      : [`${title}: access must be "read" or "write".`]),
    ...(exposure === undefined || exposure === "probe" || exposure === "detail"
      ? []
      : [`${title}: exposure must be "probe" or "detail".`]),
    ...(mediaTypes === undefined || areMediaTypes(mediaTypes)
      ? []
      : [`${title}: mediaTypes must be an array of media types, such as ["text/plain"].`]),
    ...(group === undefined || Object.keys(operationGroups).includes(group as string)
      ? []
      : [`${title}: group must be one of ${Object.keys(operationGroups).join(", ")}.`]),
    ...(shape === null
      ? [`${title}: params must be an object schema: z.strictObject({ … }).`]
      : []),
    ...(isSchema(result) ? [] : [`${title}: result must be a zod schema.`]),
    ...(typeof run === "function" ? [] : [`${title}: run must be a function.`]),
    ...endpointsOf(http).flatMap((endpoint) =>
      validateEndpoint(endpoint, shape ?? {}, access).map((problem) => `${title}: ${problem}`),
    ),
  ];
}

function areMediaTypes(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === "string" && /^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/.test(each))
  );
}

function endpointsOf(http: unknown): readonly unknown[] {
  if (http === undefined) return [];
  return Array.isArray(http) ? http : [http];
}

const endpointPattern = /^(?:GET|POST|PUT|PATCH|DELETE) (?:\/(?:[\w.~-]+|\{[a-z][a-z0-9_]*\}))+$/;

function validateEndpoint(endpoint: unknown, shape: object, access: unknown): readonly string[] {
  if (typeof endpoint !== "string" || !endpointPattern.test(endpoint))
    return [
      'http must be a method and a path, such as "GET /orders/{region}/backlog": letters, digits, ".", "_", "~" and "-" in its segments.',
    ];
  const names = pathParamsOf(endpoint);
  const unknown = names.filter((name) => !Object.hasOwn(shape, name));
  return [
    ...(unknown.length === 0
      ? []
      : [`${endpoint} names ${unknown.join(", ")}, which params does not have.`]),
    ...(new Set(names).size === names.length ? [] : [`${endpoint} names a parameter twice.`]),
    ...(access === "write" && endpoint.startsWith("GET ")
      ? [`${endpoint} is a write: use POST, PUT, PATCH or DELETE instead of GET.`]
      : []),
  ];
}

/** The names in braces, in their order. */
export function pathParamsOf(path: string): readonly string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name);
}

function shapeOf(params: unknown): object | null {
  if (!isSchema(params)) return null;
  const { shape } = params as { readonly shape?: unknown };
  return typeof shape === "object" && shape !== null ? shape : null;
}

function isSchema(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { readonly safeParse?: unknown }).safeParse === "function"
  );
}
