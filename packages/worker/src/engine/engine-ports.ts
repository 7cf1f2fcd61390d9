import type { CommandProcessor, EventSystem, RunningSteps } from "@tasker-observability/core";
import type { StepEngineOptions } from "./engine-options.js";
import type { EngineParts } from "./engine-parts.js";

/** The engine as health and metrics see it. */
export function createCommandProcessor({
  loop,
  slots,
  writer,
}: Pick<EngineParts, "loop" | "slots" | "writer">): CommandProcessor {
  return Object.freeze({
    state: () => loop.state(),
    heartbeat: loop.heartbeat,
    slots: () => slots.counts(),
    refusals: () => loop.refusals(),
    outcomeRefusals: () => writer.refusals(),
    pause: () => loop.pause(),
    resume: () => loop.resume(),
  });
}

/** What handlers run now. */
export function createRunningSteps({ slots }: Pick<EngineParts, "slots">): RunningSteps {
  return Object.freeze({
    list(limit: number) {
      const running = slots.running();
      const longestFirst = running.toSorted((one, other) => other.running_ms - one.running_ms);
      return { steps: longestFirst.slice(0, limit), total: running.length };
    },
  });
}

/** How the engine learns of new steps. */
export function createEventSystem(
  { loop, notificationListener }: Pick<EngineParts, "loop" | "notificationListener">,
  { queues, pollingIntervalMs }: Pick<StepEngineOptions, "queues" | "pollingIntervalMs">,
): EventSystem {
  // A poller that has not polled for three intervals is down.
  const lateMs = Math.max(3 * pollingIntervalMs, 10_000);
  return Object.freeze({
    listener() {
      const state = notificationListener.state();
      if (state === "down") return "down";
      // A listener that receives nothing counts as none, and polling alone is not a fault.
      return state === "connected" && notificationListener.pollOnlyQueues().length < queues.length
        ? "connected"
        : "not_used";
    },
    poller: () => (loop.state() !== "stopped" && loop.polledAgoMs() < lateMs ? "alive" : "down"),
    pollOnlyQueues: () => notificationListener.pollOnlyQueues(),
  });
}
