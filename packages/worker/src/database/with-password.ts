import { parseIntoClientConfig } from "pg-connection-string";
import type { ConnectionTarget } from "../notification-listener/direct-connection.js";
import { type AskPassword, hasPassword } from "../options/database-option.js";

/** A URL whose password is asked for at each connection, unless it contains one. */
export function withPassword(url: string, password: AskPassword | undefined): ConnectionTarget {
  return password === undefined || hasPassword(url)
    ? url
    : { ...parseIntoClientConfig(url), password };
}
