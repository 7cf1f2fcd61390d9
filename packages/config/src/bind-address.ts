import { isListenHost } from "@tasker-observability/core/options";

/** Where a listener binds. */
export interface BindAddress {
  /** A host name or address; an IPv6 address has no brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const shape = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(?<host>[\w.-]+)):(?<port>\d{1,5})$/;

/** Reads `host:port` or `[ipv6]:port`; null if it is neither. */
export function parseBindAddress(text: string): BindAddress | null {
  const groups = shape.exec(text.trim())?.groups;
  const host = groups?.ipv6 ?? groups?.host;
  const port = Number(groups?.port);
  return !isListenHost(host) || port > 65_535 ? null : Object.freeze({ host, port });
}

/** The address for a URL: IPv6 in brackets. */
export function formatBindAddress({ host, port }: BindAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
