import type { ErrorCode } from "./error-codes.js";
import type { OperationGroup } from "./operation-groups.js";

/** A result in one word, which determines the HTTP status and the probe's exit code. */
export type Verdict = "ok" | "unavailable" | "not_found" | "upstream_failed";

/** A method and a path; segments in braces are params: `GET /orders/{region}/backlog`. */
export type HttpEndpoint = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

/** The facts of an operation that transports need before a call. */
export interface OperationFacts {
  /** The group with which HTTP can switch it off. */
  readonly group: OperationGroup;
  /** `write` operations change the worker's state and are opt-in over HTTP and the socket. */
  readonly access: "read" | "write";
  /** `probe` answers stay open if authentication protects the rest. */
  readonly exposure: "probe" | "detail";
  /** One sentence for documents. @default none */
  readonly summary?: string | undefined;
  /** What the answer contains and when to ask, for documents. @default none */
  readonly description?: string | undefined;
  /** Its HTTP endpoints. @default nowhere */
  readonly http?: readonly HttpEndpoint[] | undefined;
  /** Defaults of params that only HTTP has. @default none */
  readonly httpDefaults?: Readonly<Record<string, number>> | undefined;
  /** The request header that says how many seconds an HTTP caller waits. @default none */
  readonly deadlineHeader?: string | undefined;
  /** The verdicts besides `ok`. @default none */
  readonly verdicts?: readonly Exclude<Verdict, "ok">[] | undefined;
  /** The error codes besides those of every operation. @default none */
  readonly errors?: readonly ErrorCode[] | undefined;
}

/** One operation of the project. */
export interface CatalogueRow extends OperationFacts {
  /** The facade's method. The Ruby and Python clients have it in snake case. */
  readonly facade: string;
  readonly summary: string;
  readonly description: string;
  /** Names of the params, as the schema in the service has them. @default none */
  readonly params?: readonly string[] | undefined;
  /** The first is the default. @default application/json */
  readonly mediaTypes?: readonly [string, ...string[]] | undefined;
}
