export const lifecycleStates = ["created", "starting", "running", "draining", "stopped"] as const;

/** The states of a worker, in their order. */
export type LifecycleState = (typeof lifecycleStates)[number];

/** The one state of a worker. */
export interface Lifecycle {
  /** The current state. */
  current(): LifecycleState;
  /**
   * Moves to a later state. The current state is allowed.
   * @throws Error when `next` is an earlier state: a worker that stopped needs a new context.
   */
  become(next: LifecycleState): void;
  /** Calls `listener` after each change with the new state. It must not throw. @returns a function that unsubscribes it. */
  onChange(listener: (state: LifecycleState) => void): () => void;
}

/** @param initial - the state to begin in. */
export function createLifecycle(initial: LifecycleState): Lifecycle {
  let state = initial;
  const listeners = new Set<(state: LifecycleState) => void>();
  return Object.freeze({
    current: () => state,
    become(next: LifecycleState) {
      if (lifecycleStates.indexOf(next) < lifecycleStates.indexOf(state)) {
        throw new Error(
          `A worker that is ${state} cannot become ${next}: create a new context instead.`,
        );
      }
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    onChange(listener: (state: LifecycleState) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
