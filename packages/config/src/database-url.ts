/** What the `pg` driver accepts: a PostgreSQL URL, or the path of a server's socket. */
const shape = /^(?:postgres(?:ql)?:\/\/|socket:|\/)/;

const noUrl =
  "must be a URL such as postgres://user:password@host:5432/database, with special characters in its parts percent-encoded";
const severalHosts =
  "names several hosts, and a worker connects to one: name the primary, or the proxy or pooler that leads to it";

/** The driver's values, and `allow`, which it reads as `verify-full`. It would read any other word so too. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/**
 * Finds values that the driver cannot use or would misread: it reads a list of hosts as the name of one, and text that
 * is not a URL as a database on a host called `base`.
 *
 * @returns the problem, without any part of the URL; null if there is none.
 */
export function validateDatabaseUrl(text: string): string | null {
  if (!shape.test(text)) return noUrl;
  if (text.startsWith("/")) return null;
  const [, authority = ""] = /^\w+:\/\/([^/?#]*)/.exec(text) ?? [];
  // A password may contain a comma.
  if (authority.slice(authority.lastIndexOf("@") + 1).includes(",")) return severalHosts;
  const url = parseUrl(text);
  if (url === null) return noUrl;
  return validateParameters(url.searchParams);
}

/** A server's socket is given as `?host=`, with no host before the path. */
function parseUrl(text: string): URL | null {
  try {
    const url = new URL(text.replace("@/", "@localhost/"));
    for (const part of [url.username, url.password, url.hostname, url.pathname])
      decodeURIComponent(part);
    return url;
  } catch {
    return null;
  }
}

function validateParameters(parameters: URLSearchParams): string | null {
  const [host, port, sslMode] = ["host", "port", "sslmode"].map((name) => parameters.get(name));
  if (host?.includes(",") === true || port?.includes(",") === true) return severalHosts;
  if (port != null && !/^\d{1,5}$/.test(port)) return "has a port that is not a number";
  if (sslMode != null && !sslModes.includes(sslMode))
    return `has an unknown sslmode; use one of: ${sslModes.join(", ")}`;
  return null;
}
