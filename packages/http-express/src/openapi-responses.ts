import { STATUS_CODES } from "node:http";
import {
  type AccessPolicy,
  type ErrorCode,
  errorCodes,
  type Operation,
  takesParams,
} from "@tasker-observability/core";
import { type JsonObject, toPascalCase } from "./openapi-schemas.js";
import { verdictStatus } from "./routes.js";

const errorRef: JsonObject = { $ref: "#/components/schemas/Error" };

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

/** Collects the responses of operations, and the components that these refer to. */
export class OpenApiResponses {
  readonly schemas: JsonObject = { Error: errorSchema };
  readonly #policy: AccessPolicy;
  readonly #named = new Map<string, JsonObject>([
    ["Error", errorResponse("Any other error of the operation.", errorRef)],
  ]);

  constructor(policy: AccessPolicy) {
    this.#policy = policy;
  }

  /** The error responses that operations share: for `components.responses`. */
  get components(): JsonObject {
    return Object.fromEntries(this.#named);
  }

  /** Every status that an operation can answer with. @param result - the schema of its result. */
  of(operation: Operation, result: JsonObject): JsonObject {
    const contentOf = (schema: JsonObject): JsonObject =>
      Object.fromEntries(operation.mediaTypes.map((type) => [type, { schema }]));
    const responses: Record<string, JsonObject> = {
      200: { description: "The result.", content: contentOf(result) },
    };
    for (const [status, codes] of byStatus(errorsOf(operation, this.#policy)))
      responses[status] = this.#reference(status, codes);
    for (const verdict of operation.verdicts ?? [])
      responses[verdictStatus[verdict]] = {
        description: `The result, with the verdict ${verdict.replace("_", " ")}, or an error.`,
        content: contentOf({ anyOf: [result, errorRef] }),
      };
    return { ...responses, default: { $ref: "#/components/responses/Error" } };
  }

  #reference(status: number, codes: readonly string[]): JsonObject {
    const name = codes.map(toPascalCase).join("Or");
    const values = codes.map((code) => `\`${code}\``).join(" or ");
    const error = { enum: codes };
    this.#named.set(
      name,
      errorResponse(`${STATUS_CODES[status] ?? status}: \`error\` is ${values}.`, {
        allOf: [errorRef, { type: "object", properties: { error } }],
      }),
    );
    return { $ref: `#/components/responses/${name}` };
  }
}

function errorResponse(description: string, schema: JsonObject): JsonObject {
  return { description, content: { "application/json": { schema } } };
}

/** What a call over HTTP can fail with. */
function errorsOf(operation: Operation, policy: AccessPolicy): readonly ErrorCode[] {
  const refusal = policy.refusal(operation, { transport: "http", rights: null });
  return [
    ...(takesParams(operation) ? (["INVALID_PARAMS"] as const) : []),
    ...(refusal === "UNAUTHORIZED" ? ([refusal] as const) : []),
    // Every request can be refused because of its Host header.
    "FORBIDDEN",
    "PAYLOAD_TOO_LARGE",
    "INTERNAL",
    "WORKER_NOT_RUNNING",
    "TIMEOUT",
    ...(operation.errors ?? []),
  ];
}

/** The codes as `error` has them, by the HTTP status of each. */
function byStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly string[]> {
  const grouped = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const { httpStatus } = errorCodes[code];
    grouped.set(httpStatus, [...(grouped.get(httpStatus) ?? []), code.toLowerCase()]);
  }
  return grouped;
}
