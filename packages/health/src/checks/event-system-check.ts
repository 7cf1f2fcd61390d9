import type { EventSystem } from "@tasker-observability/core";
import { type CheckOptions, type CheckResult, detailedProbe, type SharedCheck } from "./check.js";

/** Options of {@link createEventSystemCheck}. */
export interface EventSystemCheckOptions extends CheckOptions {
  readonly eventSystem: EventSystem;
}

/** Tells whether the worker still learns of new messages: by its listener, or by polling, which is enough by itself. */
export function createEventSystemCheck({
  eventSystem,
  criticality = "optional",
}: EventSystemCheckOptions): SharedCheck {
  return {
    name: "event_system",
    criticality,
    probes: detailedProbe,
    cached: true,
    run: () => judge(eventSystem.listener(), eventSystem.poller()),
  };
}

function judge(
  listener: ReturnType<EventSystem["listener"]>,
  poller: ReturnType<EventSystem["poller"]>,
): CheckResult {
  if (listener === "connected") return { status: "healthy" };
  if (listener === "down") {
    return poller === "alive"
      ? { status: "degraded", message: "listener down, poller alive" }
      : {
          status: "unhealthy",
          message: poller === "down" ? "listener and poller down" : "listener down, no poller",
        };
  }
  return poller === "down"
    ? { status: "unhealthy", message: "poller down, no listener" }
    : { status: "healthy" };
}
