import { describe, expect, it } from "vitest";
import { createLifecycle, type LifecycleState } from "./lifecycle.js";

const states: readonly LifecycleState[] = ["created", "starting", "running", "draining", "stopped"];

describe("createLifecycle", () => {
  it("starts in the given state", () => {
    for (const state of states) expect(createLifecycle(state).current()).toBe(state);
  });

  it("moves to any later state, and accepts the state it is in", () => {
    for (const [from, first] of states.entries()) {
      for (const next of states.slice(from)) {
        const lifecycle = createLifecycle(first);
        lifecycle.become(next);
        expect(lifecycle.current()).toBe(next);
      }
    }
  });

  it("rejects an earlier state, says what to do, and keeps its state", () => {
    for (const [from, first] of states.entries()) {
      for (const next of states.slice(0, from)) {
        const lifecycle = createLifecycle(first);
        expect(() => lifecycle.become(next)).toThrow(
          `A worker that is ${first} cannot become ${next}: create a new context instead.`,
        );
        expect(lifecycle.current()).toBe(first);
      }
    }
  });

  it("calls every listener once for each change, until it unsubscribes", () => {
    const lifecycle = createLifecycle("created");
    const [one, other] = [[] as LifecycleState[], [] as LifecycleState[]];
    lifecycle.onChange((state) => other.push(state));
    const end = lifecycle.onChange((state) => one.push(state));
    lifecycle.become("starting");
    lifecycle.become("starting");
    end();
    lifecycle.become("running");
    expect([one, other]).toEqual([["starting"], ["starting", "running"]]);
  });
});
