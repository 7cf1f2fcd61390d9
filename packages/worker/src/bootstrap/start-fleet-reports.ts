import { createFleetReporter, type FleetReporter } from "@tasker-observability/fleet";
import type { WorkerParts } from "./worker-parts.js";

/** Reports the worker to the fleet from now on, if it is to be reported. @param url - where it answers HTTP. */
export function startFleetReports(
  { context, fleet, services }: WorkerParts,
  url: string | null,
): FleetReporter | undefined {
  if (fleet === undefined) return undefined;
  const reporter = createFleetReporter({
    store: fleet,
    context,
    health: services.health,
    url: () => url,
  });
  void reporter.start();
  return reporter;
}
