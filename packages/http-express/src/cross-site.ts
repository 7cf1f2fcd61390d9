import type { IncomingMessage } from "node:http";

/**
 * Whether a browser sent the request for another site's page. Browsers say so in `Sec-Fetch-Site`; on plain
 * http to another machine they leave it out, and `Origin` is compared with `Host`. Other callers send neither.
 */
export function isCrossSite(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin, host } = request.headers;
  return origin !== undefined && hostOf(origin) !== host?.toLowerCase();
}

function hostOf(origin: string): string | null {
  return /^https?:\/\/([^/?#@\s]+)$/i.exec(origin)?.[1]?.toLowerCase() ?? null;
}
