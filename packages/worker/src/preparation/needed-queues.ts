/** The queues that a worker needs, by their use. */
export interface NeededQueues {
  /** The queues that the worker claims steps from. */
  readonly stepQueues: readonly string[];
  /** The queues that the worker sends to. */
  readonly sendOnlyQueues: readonly string[];
  /** `auto`: step queues that are created here notify of inserts. */
  readonly notifications: "auto" | "off";
}
