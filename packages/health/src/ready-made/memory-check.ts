import { totalmem } from "node:os";
import { numberOption, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type CustomCheck, readyMadeSettings } from "../checks/custom-check.js";
import { formatBytes } from "./format-bytes.js";

const fractionOption = numberOption(0, 1);

const memoryCheckOptions = z.strictObject({
  /** How many bytes the process may occupy. @default the limit of its container, else the machine's memory */
  limitBytes: z.optional(numberOption(1, Number.MAX_SAFE_INTEGER, { unit: "bytes" })),
  /** Degraded from this fraction of the limit. @default 0.85 */
  degradedFrom: z._default(fractionOption, 0.85),
  /** Unhealthy from this fraction of the limit. @default 0.95 */
  unhealthyFrom: z._default(fractionOption, 0.95),
  ...readyMadeSettings("memory"),
});
/** Options of {@link memoryCheck}. */
export type MemoryCheckOptions = z.input<typeof memoryCheckOptions>;

/**
 * A check of how much memory the process occupies (its resident set), against the limit at which its container is killed.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function memoryCheck(options: MemoryCheckOptions = {}): CustomCheck {
  const {
    limitBytes = findLimit(),
    degradedFrom,
    unhealthyFrom,
    ...settings
  } = parseOptions("memoryCheck", memoryCheckOptions, options);
  return {
    ...settings,
    async run() {
      const rss = process.memoryUsage.rss();
      const message = `${formatBytes(rss)} of ${formatBytes(limitBytes)} occupied`;
      const fraction = rss / limitBytes;
      if (fraction >= unhealthyFrom) return { status: "unhealthy", message };
      return { status: fraction >= degradedFrom ? "degraded" : "healthy", message };
    },
  };
}

/** Without a limit, Node answers with 0, or with far more than the machine has. */
function findLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
