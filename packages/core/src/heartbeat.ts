import type { Clock } from "./clock.js";

/** Knows how long ago a loop last made a pass. */
export interface Heartbeat {
  /** Called by the loop on every pass, idle or not; allocates nothing. */
  beat(): void;
  /** Milliseconds since the last beat, or since the heartbeat was made. */
  ageMs(): number;
}

/** A heartbeat that counts as beaten now. */
export function createHeartbeat(clock: Clock): Heartbeat {
  let beatenAtMs = clock.monotonicMs();
  return Object.freeze({
    beat() {
      beatenAtMs = clock.monotonicMs();
    },
    ageMs: () => clock.monotonicMs() - beatenAtMs,
  });
}
