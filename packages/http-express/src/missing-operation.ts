import {
  ObservabilityError,
  type Operation,
  silentLogger,
  systemClock,
} from "@tasker-observability/core";
import type { Route } from "./routes.js";

/**
 * Stands in for an operation whose service was not given, so that the policy asks for a key here as it does
 * everywhere else. Its schemas are never consulted: it takes no params and has no result.
 */
export function createMissingOperation(route: Route): Operation {
  const missing = {
    name: route.operation,
    group: route.group,
    access: route.access,
    exposure: route.exposure,
    params: { shape: {} },
    result: {},
    mediaTypes: ["application/json"],
    context: { lifecycle: { current: () => "running" }, logger: silentLogger, clock: systemClock },
    async run() {
      throw new ObservabilityError(
        "SERVICE_NOT_INSTALLED",
        `Web state not available: this worker was assembled without the service for ${route.operation}.`,
      );
    },
  };
  return missing as unknown as Operation;
}
