export const lifecycleOrder = ["created", "starting", "running", "draining", "stopped"] as const;

/** The states of a worker, in the order in which it goes through them. */
export type Lifecycle = (typeof lifecycleOrder)[number];

/** Holds the one state of a worker. */
export interface LifecycleState {
  current(): Lifecycle;
  /**
   * Moves on to a later state; the state it is in already is no error.
   * @throws Error when `next` lies behind: a worker that stopped is made anew.
   */
  become(next: Lifecycle): void;
  /** Calls `listener` with every later state, once it is in it. It must not throw. @returns a function that ends that. */
  onChange(listener: (state: Lifecycle) => void): () => void;
}

/** @param initial - the state to begin in. */
export function createLifecycle(initial: Lifecycle): LifecycleState {
  let state = initial;
  const listeners = new Set<(state: Lifecycle) => void>();
  return Object.freeze({
    current: () => state,
    become(next: Lifecycle) {
      if (lifecycleOrder.indexOf(next) < lifecycleOrder.indexOf(state)) {
        throw new Error(
          `A worker that is ${state} cannot become ${next}: create a new context instead.`,
        );
      }
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    onChange(listener: (state: Lifecycle) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
