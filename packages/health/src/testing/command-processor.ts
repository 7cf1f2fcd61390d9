import { type CommandProcessor, createHeartbeat } from "@tasker-observability/core";
import type { FakeClock } from "@tasker-observability/testkit";

export type State = ReturnType<CommandProcessor["state"]>;

export interface Processor extends CommandProcessor {
  at: State;
  busy: { total: number; busy: number; overdue: number } | null;
  beat(): void;
}

export function createProcessor(clock: FakeClock): Processor {
  const heartbeat = createHeartbeat(clock);
  return {
    at: "running",
    busy: { total: 4, busy: 0, overdue: 0 },
    heartbeat,
    beat: () => heartbeat.beat(),
    state() {
      return this.at;
    },
    slots() {
      return this.busy;
    },
  };
}
