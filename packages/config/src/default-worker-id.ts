import { hostname } from "node:os";
import type { Variables } from "./load/location.js";

/**
 * The default id of a worker: the name of its host, which a restart does not change. In a PM2 cluster, the number of
 * the process follows.
 */
export function defaultWorkerId(variables: Variables = process.env): string {
  const { NODE_APP_INSTANCE: instance = "" } = variables;
  return /^\d+$/.test(instance) ? `${hostname()}-${instance}` : hostname();
}
