const hostName = /^(?=.{1,253}$)\w(?:[\w-]{0,61}\w)?(?:\.\w(?:[\w-]{0,61}\w)?)*\.?$/;
// The system reads `0`, `127.1` and `0x7f.1` as IPv4 addresses; `0` is all interfaces.
const shortAddress = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i;

/** Whether the host is an IP address in full, without brackets, or a host name. */
export function isListenHost(host: unknown): host is string {
  if (typeof host !== "string") return false;
  return isAddress(host) || (hostName.test(host) && !shortAddress.test(host));
}

const byte = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const ipv4 = new RegExp(String.raw`^${byte}(?:\.${byte}){3}$`);
const ipv6 = /^(?<address>[\da-f:.]+)(?:%[\w.:-]+)?$/i;

/** `isIP` of node:net, for any runtime. */
function isAddress(host: string): boolean {
  const address = ipv6.exec(host)?.groups?.address;
  return ipv4.test(host) || (address !== undefined && URL.canParse(`http://[${address}]`));
}

/** Whether only this machine reaches the host: it is a loopback address or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  if (ipv4.test(host)) return host.startsWith("127.");
  const address = ipv6.exec(host)?.groups?.address;
  if (address === undefined || !isAddress(host)) return host.toLowerCase() === "localhost";
  // In its one canonical form: `0:0:0:0:0:0:0:1` is `::1` too.
  const canonical = new URL(`http://[${address}]`).hostname;
  return canonical === "[::1]" || /^\[::ffff:7f[0-9a-f]{2}:/.test(canonical);
}
