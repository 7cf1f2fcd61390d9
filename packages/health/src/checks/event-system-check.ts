import { type EventSystem, portAnswers } from "@tasker-observability/core";
import { objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { checkOptions, type CheckResult, detailedProbe, type SharedCheck } from "./check.js";
import { listNames } from "./list-names.js";

const eventSystemCheckOptions = z.strictObject({
  /** How the worker learns of new messages. */
  eventSystem: objectLike<EventSystem>({ name: "an EventSystem", methods: ["listener", "poller"] }),
  ...checkOptions.shape,
});
/** Options of {@link createEventSystemCheck}. */
export type EventSystemCheckOptions = z.input<typeof eventSystemCheckOptions>;

/** Checks that the worker still learns of new messages by its listener or by polling. Polling alone is enough. */
export function createEventSystemCheck(options: EventSystemCheckOptions): SharedCheck {
  const { eventSystem, criticality = "optional" } = parseOptions(
    "createEventSystemCheck",
    eventSystemCheckOptions,
    options,
  );
  return {
    name: "event_system",
    criticality,
    probes: detailedProbe,
    cached: true,
    run: () =>
      evaluate(
        portAnswers.listener(eventSystem),
        portAnswers.poller(eventSystem),
        portAnswers.pollOnlyQueues(eventSystem),
      ),
  };
}

function evaluate(
  listener: ReturnType<EventSystem["listener"]>,
  poller: ReturnType<EventSystem["poller"]>,
  pollOnlyQueues: readonly string[],
): CheckResult {
  if (listener === "down") {
    return poller === "alive"
      ? { status: "degraded", message: "listener down, poller alive" }
      : {
          status: "unhealthy",
          message: poller === "down" ? "listener and poller down" : "listener down, no poller",
        };
  }
  if (listener === "not_used" && poller === "down")
    return { status: "unhealthy", message: "poller down, no listener" };
  if (pollOnlyQueues.length === 0) return { status: "healthy", message: seen(listener, poller) };
  const polled = `found by polling only: ${listNames(pollOnlyQueues)}`;
  return poller === "down"
    ? { status: "degraded", message: `poller down; ${polled}` }
    : { status: "healthy", message: polled };
}

function seen(
  listener: ReturnType<EventSystem["listener"]>,
  poller: ReturnType<EventSystem["poller"]>,
): string {
  const parts = [
    ...(listener === "not_used" ? [] : [`listener ${listener}`]),
    ...(poller === "not_used" ? [] : [`poller ${poller}`]),
  ];
  return parts.length === 0 ? "neither listener nor poller" : parts.join(", ");
}
