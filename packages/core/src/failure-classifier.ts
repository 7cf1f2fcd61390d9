/** The kinds of failure by the codes of Node, TLS and fetch. */
const kindByCode = Object.freeze({
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  EPIPE: "connection_reset",
  ETIMEDOUT: "connection_timeout",
  ENOTFOUND: "host_not_found",
  EAI_AGAIN: "host_not_found",
  EHOSTUNREACH: "host_unreachable",
  ENETUNREACH: "host_unreachable",
  ENETDOWN: "host_unreachable",
  ENOENT: "not_found",
  EACCES: "permission_denied",
  EPERM: "permission_denied",
  EMFILE: "too_many_open_files",
  ENFILE: "too_many_open_files",

  UND_ERR_CONNECT_TIMEOUT: "connection_timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_SOCKET: "connection_closed",

  CERT_HAS_EXPIRED: "certificate_refused",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_refused",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_refused",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_refused",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_refused",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_refused",
} as const);

const kindByName = Object.freeze({ TimeoutError: "timeout", AbortError: "aborted" } as const);

type ValueOf<T> = T[keyof T];

/** The fixed words for failures that do not belong to one service. */
export type GeneralFailureKind = ValueOf<typeof kindByCode> | ValueOf<typeof kindByName> | "failed";

/** The failures of a service and its drivers, and the kind of each: a fixed word. */
export interface ServiceFailures<Kind extends string> {
  readonly byCode: Readonly<Record<string, Kind>>;
  /** Errors without a code, by the beginning of their message. The message is recognized, never repeated. */
  readonly byMessage: readonly (readonly [beginning: string, kind: Kind])[];
}

/** Errors wrap errors. Only this many levels are read, which also ends cycles. */
const maxDepth = 4;

/**
 * Makes a function that names the kind of a failure for callers of the probes: a fixed word, never text of the error.
 * It knows the codes of Node, TLS and fetch, and those of one service.
 * Reads causes and AggregateErrors. Never throws, whatever was thrown; `"failed"` if the kind is not known.
 */
export function createFailureClassifier<Kind extends string>({
  byCode,
  byMessage,
}: ServiceFailures<Kind>): (error: unknown) => Kind | GeneralFailureKind {
  type Found = Kind | GeneralFailureKind | null;

  const kindOf = (error: unknown, depth: number): Found => {
    if (typeof error !== "object" || error === null || depth === 0) return null;
    const { code, name, message, errors, cause } = error as Readonly<Record<string, unknown>>;
    return (
      lookUp(byCode, code) ??
      lookUp(kindByCode, code) ??
      kindOfMessage(message) ??
      kindInside([...(Array.isArray(errors) ? (errors as unknown[]) : []), cause], depth) ??
      lookUp(kindByName, name)
    );
  };

  const kindInside = (inside: readonly unknown[], depth: number): Found => {
    for (const inner of inside) {
      const kind = kindOf(inner, depth - 1);
      if (kind !== null) return kind;
    }
    return null;
  };

  const kindOfMessage = (message: unknown): Found =>
    typeof message === "string"
      ? (byMessage.find(([beginning]) => message.startsWith(beginning))?.[1] ?? null)
      : null;

  return (error) => {
    try {
      return kindOf(error, maxDepth) ?? "failed";
    } catch {
      return "failed";
    }
  };
}

function lookUp<Kind>(table: Readonly<Record<string, Kind>>, key: unknown): Kind | null {
  return typeof key === "string" && Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
