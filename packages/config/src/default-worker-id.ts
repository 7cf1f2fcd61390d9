import { hostname } from "node:os";
import type { Variables } from "./load/location.js";

/**
 * A worker's id where nothing sets one: the name of its host, which a restart does not change. In a cluster of PM2 each
 * process has its number behind it.
 */
export function defaultWorkerId(variables: Variables = process.env): string {
  const { NODE_APP_INSTANCE: instance = "" } = variables;
  return /^\d+$/.test(instance) ? `${hostname()}-${instance}` : hostname();
}
