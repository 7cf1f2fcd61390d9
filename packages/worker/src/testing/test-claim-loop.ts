import type { Clock } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";
import { type ClaimLoopOptions, createClaimLoop } from "../claiming/claim-loop.js";
import { createInFlightSteps } from "../claiming/in-flight-steps.js";
import { createQueueScheduler } from "../claiming/queue-scheduler.js";
import { createWorkSignal } from "../claiming/work-signal.js";
import { queuesOf } from "../queues/step-queues.js";
import { claimedMessage } from "./claimed-message.js";

interface Poll {
  readonly atMs: number;
  readonly queue: string;
  readonly most: number;
}

export type Claim = ClaimLoopOptions["source"]["claim"];

/** A loop over queues with a number of messages each, which it can claim without a database. `run` starts it. */
export function createTestLoop(
  depths: Record<string, number>,
  options: Partial<ClaimLoopOptions> & { readonly claimBy?: (claim: Claim) => Claim } = {},
) {
  const clock = createFakeClock();
  const { claim, polls } = createTestSource(depths, clock);
  const started: string[] = [];
  const warnings: string[] = [];
  let capacity = 1_000;
  const queues = Object.keys(depths).map((queue) => queuesOf(queue.replace("_queue", "")));
  const timing = { pollingIntervalMs: 1_000, clock, random: () => 0.5 };
  const scheduler = createQueueScheduler({ queues, ...timing });
  const signal = createWorkSignal({ clock, scheduler });
  const inFlight = createInFlightSteps({ clock });
  const loop = createClaimLoop({
    queues,
    scheduler,
    signal,
    inFlight,
    source: { claim: options.claimBy?.(claim) ?? claim },
    capacity: () => capacity,
    receiver: {
      start(namespace) {
        started.push(namespace);
        capacity -= 1;
      },
      giveBack: () => undefined,
      giveBackPrefetched: () => undefined,
    },
    batchSize: 10,
    claimTimeoutMs: 20_000,
    clock,
    logger: (_level, message) => warnings.push(message),
    ...options,
  });
  onTestFinished(async () => {
    loop.stop();
    await clock.advance(0);
  });
  const run = async (): Promise<{ readonly ended: Promise<unknown> }> => {
    const ended = loop.run().catch((error: unknown) => error);
    await clock.advance(0);
    return { ended };
  };
  return {
    clock,
    loop,
    signal,
    inFlight,
    polls,
    started,
    warnings,
    run,
    depths,
    setCapacity: (places: number) => void (capacity = places),
  };
}

/** Gives out the messages of queues, and notes when each queue was asked. */
function createTestSource(depths: Record<string, number>, clock: Clock) {
  const polls: Poll[] = [];
  let nextId = 1;
  const claim: Claim = async (queueName, most) => {
    polls.push({ atMs: clock.monotonicMs(), queue: queueName, most });
    const depth = depths[queueName] ?? 0;
    const taken = Math.min(depth, most);
    depths[queueName] = depth - taken;
    return Array.from({ length: taken }, () =>
      claimedMessage({ queueName, messageId: String(nextId++) }),
    );
  };
  return { claim, polls };
}

/** What the database says of a queue that is gone. */
export const dropped = Object.assign(new Error("relation does not exist"), { code: "42P01" });
/** What the database says where it takes no writes. */
export const readOnly = Object.assign(
  new Error("cannot execute UPDATE in a read-only transaction"),
  { code: "25006" },
);
/** What is thrown while there is no database. */
export const away = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });

export function failWith(error: Error): Claim {
  return () => Promise.reject(error);
}
