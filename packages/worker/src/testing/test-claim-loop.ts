import type { Clock, LogLevel } from "@tasker-observability/core";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";
import { type ClaimLoop, type ClaimLoopOptions, createClaimLoop } from "../claiming/claim-loop.js";
import { createInFlightSteps } from "../claiming/in-flight-steps.js";
import { createQueueScanner } from "../claiming/queue-scanner.js";
import { createQueueScheduler } from "../claiming/queue-scheduler.js";
import { createWakeup } from "../claiming/wakeup.js";
import type { QueuePeek } from "../queues/queue-peek.js";
import { queuesOf } from "../queues/step-queues.js";
import { createVisibilityTimer } from "../settling/visibility-timer.js";
import { claimedMessage } from "./claimed-message.js";

interface Poll {
  readonly atMs: number;
  readonly queue: string;
  readonly limit: number;
}

export type Claim = ClaimLoopOptions["source"]["claim"];

interface TestLoopOptions extends Partial<ClaimLoopOptions> {
  readonly claimBy?: (claim: Claim) => Claim;
  /** How queues are polled together. @default each is polled alone */
  readonly readBy?: (read: QueuePeek["read"]) => QueuePeek["read"];
  /** The queues whose inserts notify. @default none */
  readonly notifyingQueues?: Set<string>;
  /** @default always 0.5: no jitter */
  readonly random?: () => number;
}

/** A loop over queues with a number of messages each, which it can claim without a database. `run` starts it. */
export function createTestLoop(
  depths: Record<string, number>,
  { claimBy, readBy, notifyingQueues, random = () => 0.5, ...options }: TestLoopOptions = {},
) {
  const clock = createFakeClock();
  const { claim, polls, read, reads } = createTestSource(depths, clock);
  const started: string[] = [];
  const warnings: string[] = [];
  let capacity = 1_000;
  const queues = Object.keys(depths).map((queue) => queuesOf(queue.replace("_queue", "")));
  const timing = { pollingIntervalMs: 1_000, clock, random };
  const scheduler = createQueueScheduler({ queues, notifyingQueues, ...timing });
  const wakeup = createWakeup({ clock, scheduler });
  const visibilityTimer = createVisibilityTimer({ clock, wakeup });
  const parts = {
    ...timing,
    scheduler,
    logger: (_level: LogLevel, message: string): void => void warnings.push(message),
  };
  const inFlight = createInFlightSteps({ clock });
  const loop = createClaimLoop({
    ...parts,
    queues,
    wakeup,
    inFlight,
    source: { claim: claimBy?.(claim) ?? claim },
    scanner:
      readBy === undefined
        ? withoutPeeks
        : createQueueScanner({ queuePeek: { read: readBy(read) }, ...parts, visibilityTimer }),
    capacity: () => capacity,
    receiver: {
      start(namespace) {
        started.push(namespace);
        capacity -= 1;
      },
      release: () => undefined,
      releasePrefetched: () => undefined,
    },
    batchSize: 10,
    claimTimeoutMs: 20_000,
    ...options,
  });
  onTestFinished(async () => {
    loop.stop();
    visibilityTimer.close();
    await clock.advance(0);
  });
  const setCapacity = (places: number): void => void (capacity = places);
  const run = (): ReturnType<typeof start> => start(loop, clock);
  const observed = { polls, reads, started, warnings };
  return { clock, loop, wakeup, inFlight, ...observed, depths, setCapacity, run };
}

async function start(
  loop: ClaimLoop,
  clock: FakeClock,
): Promise<{ readonly ended: Promise<unknown> }> {
  const ended = loop.run().catch((error: unknown) => error);
  await clock.advance(0);
  return { ended };
}

/** Has each due queue polled by a claim. */
const withoutPeeks: ClaimLoopOptions["scanner"] = {
  peek: async (due) => ({ toClaim: due, peeked: [] }),
};

/** Gives out the messages of queues, and notes when each queue was asked, and when many were polled together. */
function createTestSource(depths: Record<string, number>, clock: Clock) {
  const polls: Poll[] = [];
  const reads: { readonly atMs: number; readonly queues: number }[] = [];
  let nextId = 1;
  const claim: Claim = async (queueName, limit) => {
    polls.push({ atMs: clock.monotonicMs(), queue: queueName, limit });
    const depth = depths[queueName] ?? 0;
    const taken = Math.min(depth, limit);
    depths[queueName] = depth - taken;
    return Array.from({ length: taken }, () =>
      claimedMessage({ queueName, messageId: String(nextId++) }),
    );
  };
  const read: QueuePeek["read"] = async (queueNames) => {
    reads.push({ atMs: clock.monotonicMs(), queues: queueNames.length });
    const waiting = queueNames.filter((name) => (depths[name] ?? 0) > 0);
    return {
      visibleInMs: new Map(waiting.map((name) => [name, -1])),
      unreadableQueues: new Set(),
      maxQueues: 1_000,
    };
  };
  return { claim, polls, read, reads };
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
