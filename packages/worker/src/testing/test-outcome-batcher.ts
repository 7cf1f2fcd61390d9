import { createFakeClock } from "@tasker-observability/testkit";
import { createInFlightSteps } from "../claiming/in-flight-steps.js";
import { OutcomeBatcher } from "../settling/outcome-batcher.js";
import { claimOf } from "./claimed-message.js";

export const away = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
export const missing = Object.assign(new Error("relation does not exist"), { code: "42P01" });
export const slow = Object.assign(new Error("canceling statement"), { code: "57014" });
export const raised = Object.assign(new Error("refused for a test"), { code: "P0001" });
export const refused = Object.assign(new Error("unsupported Unicode escape sequence"), {
  code: "22P05",
});

/** A batcher of numbers; `answer` decides what becomes of a batch. */
export function createTestBatcher(
  answer: (values: readonly number[]) => unknown = () => undefined,
) {
  const clock = createFakeClock();
  const inFlight = createInFlightSteps({ clock });
  const batches: number[][] = [];
  const alone: number[] = [];
  const written: number[] = [];
  const lost: number[] = [];
  const searches: number[][] = [];
  const found: number[] = [];
  let recoveries = 0;
  const lines: string[] = [];
  const batcher = new OutcomeBatcher<number>({
    outcomesLabel: "numbers",
    clock,
    logger: (level, message) => lines.push(`${level} ${message}`),
    queueName: "q",
    async write(items) {
      const values = items.map((item) => item.value);
      batches.push([...values]);
      return (await answer(values)) === "lost" ? [] : items;
    },
    async writeOne(item) {
      alone.push(item.value);
      return (await answer([item.value])) === "lost" ? [] : [item];
    },
    async findWritten(items) {
      searches.push(items.map((item) => item.value));
      return items.filter((item) => found.includes(item.value));
    },
    sizeOf: (value) => (value >= 2_000 ? value * 1_000 : 1),
    onWritten: (items) => void written.push(...items.map((item) => item.value)),
    onLost: (items) => void lost.push(...items.map((item) => item.value)),
    onRefused: () => undefined,
    onRecovered: () => void (recoveries += 1),
    beforeWrite: () => Promise.resolve(),
    waitForFenceChanges: () => inFlight.waitForFenceChanges("q"),
  });
  const add = (...values: number[]): void => {
    for (const value of values)
      batcher.add({ value, step: inFlight.add("payments", claimOf(String(value), "q")) });
  };
  return {
    clock,
    inFlight,
    batcher,
    add,
    batches,
    alone,
    written,
    lost,
    searches,
    found,
    lines,
    recoveries: () => recoveries,
  };
}
