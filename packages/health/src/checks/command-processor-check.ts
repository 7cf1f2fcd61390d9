import type { Clock, CommandProcessor } from "@tasker-observability/core";
import { type CheckOptions, type CheckResult, readinessProbes, type SharedCheck } from "./check.js";

/** Options of {@link createCommandProcessorCheck}. */
export interface CommandProcessorCheckOptions extends CheckOptions {
  readonly commandProcessor: CommandProcessor;
  readonly clock: Clock;
  /** Milliseconds without a tick of the claim loop, or with every slot overdue, that are unhealthy. @default 30000 */
  readonly stallAfterMs?: number | undefined;
}

/** Tells whether steps are being claimed and slots come free: an idle or a full processor is healthy, a wedged one is not. */
export function createCommandProcessorCheck(options: CommandProcessorCheckOptions): SharedCheck {
  const { commandProcessor, criticality = "required", stallAfterMs = 30_000 } = options;
  const overdueForMs = createOverdueWatch(options);
  return {
    name: "command_processor",
    criticality,
    probes: readinessProbes,
    cached: true,
    run(): CheckResult {
      const overdueMs = overdueForMs();
      const state = commandProcessor.state();
      if (state === "stopped") return { status: "unhealthy", message: "stopped" };
      const ageMs = commandProcessor.heartbeat?.ageMs() ?? 0;
      if (ageMs >= stallAfterMs) return { status: "unhealthy", message: `no tick for ${Math.round(ageMs)} ms` };
      if (overdueMs >= stallAfterMs) return { status: "unhealthy", message: `every slot overdue for ${Math.round(overdueMs)} ms` };
      if (state === "paused") return { status: "degraded", message: "paused" };
      const { overdue = 0, total = 0 } = commandProcessor.slots() ?? {};
      return overdue > 0 ? { status: "healthy", message: `${overdue} of ${total} slots overdue` } : { status: "healthy" };
    },
  };
}

/** The port tells how it is now; for how long it has been so is remembered from one run to the next. */
function createOverdueWatch({ commandProcessor, clock }: CommandProcessorCheckOptions): () => number {
  let sinceMs: number | null = null;
  return () => {
    const slots = commandProcessor.slots();
    if (slots === null || slots.total === 0 || slots.overdue < slots.total) {
      sinceMs = null;
      return 0;
    }
    const nowMs = clock.monotonicMs();
    sinceMs ??= nowMs;
    return nowMs - sinceMs;
  };
}
