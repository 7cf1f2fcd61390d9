import { isLoopbackHost } from "@tasker-observability/core/options";

/**
 * Decides by the `Host` of a request whether it was meant for this server. A web page's own name may resolve to
 * 127.0.0.1 (DNS rebinding); the browser then treats the worker as the page's own site. Only `Host` shows this.
 */
export class HostCheck {
  readonly #allowed: ReadonlySet<string> | null;
  /** Whether some `Host` is refused: without a list, only on loopback. */
  isRestricting: boolean;
  #boundName: string | null = null;
  #lastAllowed: string | null = null;

  /** @param allowed - names that `Host` may have, besides IP addresses; undefined: any, unless bound to loopback. */
  constructor(allowed: readonly string[] | undefined) {
    this.#allowed = allowed === undefined ? null : new Set(allowed.map(normalize));
    this.isRestricting = this.#allowed !== null;
  }

  /** Call before the first request. @param host - as the application named it. @param address - what it resolved to. */
  bind(host: string, address: string): void {
    this.#boundName = isLoopbackHost(address) ? normalize(host) : null;
    this.isRestricting = this.#allowed !== null || this.#boundName !== null;
  }

  /** @param header - the request's `Host`; undefined in HTTP/1.0, which no browser sends. */
  allows(header: string | undefined): boolean {
    if (header === undefined || !this.isRestricting) return true;
    // Most callers always send the same one.
    if (header === this.#lastAllowed) return true;
    const name = nameIn(header);
    if (name === null || !this.#allowsName(name)) return false;
    this.#lastAllowed = header;
    return true;
  }

  #allowsName(name: string): boolean {
    if (this.#allowed?.has(name) === true) return true;
    if (this.#boundName !== null)
      return name === this.#boundName || isLoopbackHost(name.replace(/^\[|\]$/g, ""));
    // Only a name can be pointed here, and Kubernetes probes a pod by its address.
    return /^[\d.]+$|^\[/.test(name);
  }
}

/** The host without its port, in canonical form; null if the header has another shape. */
function nameIn(header: string): string | null {
  // The URL parser would accept `evil.example@127.0.0.1` and `127.0.0.1/evil.example` too.
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i.test(header)) return null;
  const url = `http://${header}`;
  return URL.canParse(url) ? withoutDot(new URL(url).hostname) : null;
}

/** An IP address or a host name, in the form of {@link nameIn}. */
function normalize(host: string): string {
  const text = host.replace(/%.*$/, "");
  return nameIn(text.includes(":") ? `[${text}]` : text) ?? text.toLowerCase();
}

function withoutDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
