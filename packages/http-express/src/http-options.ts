import type { IncomingMessage } from "node:http";
import {
  type AccessPolicy,
  type Clock,
  type Operations,
  systemClock,
} from "@tasker-observability/core";
import {
  clockOption,
  delayMs,
  functionOption,
  isListenHost,
  textOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { type Authenticator, createApiKeyAuthenticator } from "./api-keys.js";
import { dashboardOption } from "./dashboard.js";
import { httpAccessSchema, resolvePolicy, withAccessRules } from "./http-access.js";

export const httpOptionsShape = {
  ...httpAccessSchema.shape,
  /** The host names (header `Host`, without its port) that callers may use besides IP addresses; any other gets 403. A listener on loopback always allows `localhost`, loopback addresses and its own host, and other IP addresses only if they are listed. @default any, unless a listener is on loopback */
  allowedHosts: z
    .array(textOption("an IP address or a host name, without a port", isListenHost))
    .readonly()
    .optional(),
  /** The page that `/` answers to browsers: `dashboardFiles` of `@tasker-observability/dashboard`. Programs get a JSON index of the endpoints at `/`. A router at the root of an application leaves `/` to the application unless it has this. @default no page */
  dashboard: z.optional(dashboardOption).meta({ type: "`ReadonlyMap<string, DashboardFile>`" }),
  /** How long a request may take before it is answered 504 and its operation's signal is aborted. @default 30000 */
  requestTimeoutMs: z._default(delayMs(), 30_000),
  /** The clock of error timestamps. @default that of the first operation's worker */
  clock: z.optional(clockOption),
  /** Makes an id for a request that has none from the application (an `X-Request-Id` on the response, else `request.id`) or the caller. @default random UUIDs */
  makeRequestId: z.optional(
    functionOption<(request: IncomingMessage) => string>("(request) => string"),
  ),
};

export const httpOptionsSchema = withAccessRules(z.strictObject(httpOptionsShape));
/** Options of {@link createObservabilityRouter}. */
export type HttpOptions = z.input<typeof httpOptionsSchema>;
/** The options with their defaults filled in. */
export type ParsedHttpOptions = z.output<typeof httpOptionsSchema>;

export interface ResolvedHttpOptions {
  readonly policy: AccessPolicy;
  /** Null if no key is required. */
  readonly authenticator: Authenticator | null;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly makeRequestId: HttpOptions["makeRequestId"];
}

/** The parts that the options choose. */
export function resolveHttpOptions(
  operations: Operations,
  options: ParsedHttpOptions,
): ResolvedHttpOptions {
  return Object.freeze({
    policy: resolvePolicy(options),
    authenticator: options.auth === undefined ? null : createApiKeyAuthenticator(options.auth),
    requestTimeoutMs: options.requestTimeoutMs,
    clock: options.clock ?? Object.values(operations)[0]?.context.clock ?? systemClock,
    makeRequestId: options.makeRequestId,
  });
}
