export const lifecycleOrder = ["created", "starting", "running", "draining", "stopped"] as const;

/** The states of a worker, in their order. */
export type Lifecycle = (typeof lifecycleOrder)[number];

/** The one state of a worker. */
export interface LifecycleState {
  /** The current state. */
  current(): Lifecycle;
  /**
   * Moves to a later state. The current state is allowed.
   * @throws Error when `next` is an earlier state: a worker that stopped needs a new context.
   */
  become(next: Lifecycle): void;
  /** Calls `listener` after each change with the new state. It must not throw. @returns a function that unsubscribes it. */
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
