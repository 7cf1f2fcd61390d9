const order = ["created", "starting", "running", "draining", "stopped"] as const;

/** The states of a worker, in the order in which it goes through them. */
export type Lifecycle = (typeof order)[number];

/** Holds the one state of a worker. */
export interface LifecycleState {
  current(): Lifecycle;
  /**
   * Moves on to a later state; the state it is in already is no error.
   * @throws Error when `next` lies behind: a worker that stopped is made anew.
   */
  become(next: Lifecycle): void;
}

/** @param initial - the state to begin in. */
export function createLifecycle(initial: Lifecycle): LifecycleState {
  let state = initial;
  return Object.freeze({
    current: () => state,
    become(next: Lifecycle) {
      if (order.indexOf(next) < order.indexOf(state)) {
        throw new Error(`A worker that is ${state} cannot become ${next}: create a new context instead.`);
      }
      state = next;
    },
  });
}
