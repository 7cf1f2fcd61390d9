import { isIP } from "node:net";

const hostName = /^(?=.{1,253}$)\w(?:[\w-]{0,61}\w)?(?:\.\w(?:[\w-]{0,61}\w)?)*\.?$/;
// The system reads `0`, `127.1` and `0x7f.1` as IPv4 addresses; `0` is all interfaces.
const shortAddress = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i;

/** Whether the host is an IP address in full, without brackets, or a host name. */
export function isListenHost(host: unknown): host is string {
  if (typeof host !== "string") return false;
  return isIP(host) !== 0 || (hostName.test(host) && !shortAddress.test(host));
}
