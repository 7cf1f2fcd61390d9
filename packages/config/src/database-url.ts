/** What the `pg` driver takes: a URL of PostgreSQL's, or the path of a server's socket. */
const shape = /^(?:postgres(?:ql)?:\/\/|socket:|\/)/;

const noUrl =
  "must be a URL such as postgres://user:password@host:5432/database, with special characters in its parts percent-encoded";
const severalHosts =
  "names several hosts, and a worker connects to one: name the primary, or the proxy or pooler that leads to it";

/** As the driver knows them, and `allow`, which it takes for `verify-full`. Any other word it would take for that too. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/**
 * Looks for what the driver could make nothing of, or something else than is meant: it takes a list of hosts for the name of
 * one, and what is no URL for a database on a host called `base`.
 *
 * @returns what is wrong, in words that contain nothing of the URL; null if nothing is.
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
