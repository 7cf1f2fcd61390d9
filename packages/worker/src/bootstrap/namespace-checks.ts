import type { WorkerContext } from "@tasker-observability/core";
import type { CustomCheck } from "@tasker-observability/health";

const message =
  "no_namespaces: no queue is served; name the namespaces, or add a template, and restart the worker";

/** A worker without namespaces runs but does nothing, so it is not ready. A worker with namespaces needs no check. */
export function namespaceChecks({
  identity,
}: Pick<WorkerContext, "identity">): readonly CustomCheck[] {
  if (identity.namespaces.length > 0) return [];
  return [
    { name: "namespaces", criticality: "required", run: () => ({ status: "unhealthy", message }) },
  ];
}
