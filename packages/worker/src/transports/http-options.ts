import { type AccessPolicy, createAccessPolicy } from "@tasker-observability/core";
import type { ListenerOptions } from "@tasker-observability/http-express";
import type { WorkerSettings } from "../options/worker-options.js";

const writesHint =
  "set worker.web.endpoints.cache_operations_enabled (HTTP) or worker.bridge.writes_enabled (socket)";

/** One policy for every transport of the worker. */
export function createWorkerPolicy({
  http,
  socketWrites,
}: Pick<WorkerSettings, "http" | "socketWrites">): AccessPolicy {
  if (http === false) return createAccessPolicy({ socketWrites, writesHint });
  return createAccessPolicy({
    httpGroups: http.groups,
    httpWrites: http.writes,
    httpAuth: http.auth !== undefined,
    protectProbes: http.auth?.protectProbes,
    socketWrites,
    writesHint,
  });
}

/** The options of the listener. */
export function toListenerOptions(
  { auth, allowedHosts }: Exclude<WorkerSettings["http"], false>,
  requestTimeoutMs: number,
  policy: AccessPolicy,
): ListenerOptions {
  if (auth === undefined) return { policy, requestTimeoutMs, allowedHosts };
  const keys = auth.keys.map(({ name, key, rights }) => ({ name, key: key.reveal(), rights }));
  return { policy, requestTimeoutMs, allowedHosts, auth: { header: auth.header, keys } };
}
