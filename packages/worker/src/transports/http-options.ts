import {
  type AccessPolicy,
  createAccessPolicy,
  type OperationGroup,
} from "@tasker-observability/core";
import type { ListenerOptions } from "@tasker-observability/http-express";
import type { WorkerSettings } from "../options/worker-options.js";

const writesHint = (group: OperationGroup): string => {
  const key = group === "work" ? "work_writes_enabled" : "cache_operations_enabled";
  return `set worker.web.endpoints.${key} (HTTP) or worker.bridge.writes_enabled (socket)`;
};

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
