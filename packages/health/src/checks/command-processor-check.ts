import {
  type ClaimRefusals,
  type Clock,
  type CommandProcessor,
  type OutcomeRefusals,
  portAnswers,
} from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import { clockOption, objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import {
  amountOption,
  checkOptions,
  type CheckResult,
  readinessProbes,
  type SharedCheck,
} from "./check.js";

export const commandProcessorCheckSettings = z.strictObject({
  /** Command processor: unhealthy if, for this long, the claim loop has not ticked, every slot is overdue, or all claims or outcomes are refused. @default 30000 */
  stallAfterMs: z._default(amountOption("ms"), 30_000),
});

const commandProcessorCheckOptions = z.strictObject({
  /** What claims steps and runs them. */
  commandProcessor: objectLike<CommandProcessor>({
    name: "a CommandProcessor",
    methods: ["state", "slots"],
  }),
  /** Measures time. */
  clock: clockOption,
  ...checkOptions.shape,
  ...commandProcessorCheckSettings.shape,
});
/** Options of {@link createCommandProcessorCheck}. */
export type CommandProcessorCheckOptions = z.input<typeof commandProcessorCheckOptions>;

/** Checks that the worker can claim steps, free slots and write outcomes. An idle or full processor is healthy; a stalled or refused one is not. */
export function createCommandProcessorCheck(options: CommandProcessorCheckOptions): SharedCheck {
  const {
    commandProcessor,
    clock,
    stallAfterMs,
    criticality = "required",
  } = parseOptions("createCommandProcessorCheck", commandProcessorCheckOptions, options);
  const overdueForMs = createOverdueWatch(commandProcessor, clock);
  return {
    name: "command_processor",
    criticality,
    probes: readinessProbes,
    cached: true,
    run(): CheckResult {
      const overdueMs = overdueForMs();
      const state = portAnswers.processorState(commandProcessor);
      if (state === "stopped") return { status: "unhealthy", message: "stopped" };
      const ageMs = portAnswers.heartbeatAgeMs(commandProcessor) ?? 0;
      if (ageMs >= stallAfterMs)
        return { status: "unhealthy", message: `no tick for ${Math.round(ageMs)} ms` };
      if (overdueMs >= stallAfterMs)
        return {
          status: "unhealthy",
          message: `every slot overdue for ${Math.round(overdueMs)} ms`,
        };
      const refusals = portAnswers.claimRefusals(commandProcessor);
      if (refusals !== null && isRefusedFor(stallAfterMs, refusals))
        return {
          status: "unhealthy",
          message: `claims refused for ${Math.round(refusals.without_success_ms)} ms: ${classifyFailure(refusals.error)}`,
        };
      const outcomes = portAnswers.outcomeRefusals(commandProcessor);
      if (outcomes !== null && outcomes.without_success_ms >= stallAfterMs)
        return { status: "unhealthy", message: textOf(outcomes, outcomes.without_success_ms) };
      if (state === "paused") return { status: "degraded", message: "paused" };
      if (refusals !== null) return { status: "degraded", message: messageOf(refusals) };
      if (outcomes !== null) return { status: "degraded", message: textOf(outcomes) };
      return { status: "healthy", message: formatSlots(portAnswers.slots(commandProcessor)) };
    },
  };
}

function formatSlots(slots: ReturnType<CommandProcessor["slots"]>): string {
  if (slots === null) return "running";
  const { overdue, busy, total } = slots;
  return overdue > 0
    ? `${overdue} of ${total} slots overdue`
    : `running, ${busy} of ${total} slots busy`;
}

function isRefusedFor(ms: number, { queues, refused, without_success_ms }: ClaimRefusals): boolean {
  return refused >= queues && without_success_ms >= ms;
}

function messageOf({ queues, refused, error }: ClaimRefusals): string {
  const claims = refused >= queues ? "claims" : `claims of ${refused} of ${queues} queues`;
  return `${claims} refused: ${classifyFailure(error)}`;
}

/** The most kinds of outcomes that a message names. */
const maxNamed = 3;

function textOf({ refused }: OutcomeRefusals, forMs?: number): string {
  const howLong = forMs === undefined ? "" : ` for ${Math.round(forMs)} ms`;
  const named = refused
    .slice(0, maxNamed)
    .map(
      ({ outcome, queue_name: queue, error }) =>
        `${outcome} of ${queue} refused${howLong}: ${classifyFailure(error)}`,
    );
  const more = refused.length > maxNamed ? [`${refused.length - maxNamed} more refused`] : [];
  return [...named, ...more].join("; ");
}

/** The port reports the current state; the check remembers since when. */
function createOverdueWatch(commandProcessor: CommandProcessor, clock: Clock): () => number {
  let sinceMs: number | null = null;
  return () => {
    const slots = portAnswers.slots(commandProcessor);
    if (slots === null || slots.total === 0 || slots.overdue < slots.total) {
      sinceMs = null;
      return 0;
    }
    const nowMs = clock.monotonicMs();
    sinceMs ??= nowMs;
    return nowMs - sinceMs;
  };
}
