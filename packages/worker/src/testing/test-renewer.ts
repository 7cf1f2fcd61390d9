import { createFakeClock } from "@tasker-observability/testkit";
import { createInFlightSteps, type InFlightSteps } from "../claiming/in-flight-steps.js";
import { createVisibilityRenewer } from "../claiming/visibility-renewer.js";
import { formatMessageKey } from "../queues/step-message.js";

/** A renewer over a queue that answers as `answer` says. */
export function createTestRenewer(
  answer: (ids: readonly string[]) => Promise<ReadonlySet<string>> = async (ids) => new Set(ids),
  claimsOf: (queue: string) => void = () => undefined,
  isLocked: (id: string) => boolean = () => false,
) {
  const clock = createFakeClock();
  const inFlight: InFlightSteps = {
    ...createInFlightSteps({ clock }),
    waitForFenceChanges: async (queue) => claimsOf(queue),
  };
  const renewals: { atMs: number; queue: string; ids: readonly string[] }[] = [];
  const readCounts: number[] = [];
  const warnings: string[] = [];
  const renewer = createVisibilityRenewer({
    inFlight,
    clock,
    visibilityTimeoutSeconds: 30,
    logger: (_level, message) => warnings.push(message),
    queues: {
      async renew(queue, claims) {
        const ids = claims.map((claim) => claim.messageId);
        readCounts.push(...claims.map((claim) => claim.readCount));
        renewals.push({ atMs: clock.monotonicMs(), queue, ids });
        const ours = await answer(ids);
        const left = claims.filter((claim) => ours.has(claim.messageId));
        const renewed = String(clock.monotonicMs());
        return new Map(
          left.map((claim) => [
            formatMessageKey(claim),
            isLocked(claim.messageId) ? null : renewed,
          ]),
        );
      },
    },
  });
  return { clock, inFlight, renewals, readCounts, warnings, renewer };
}
