import { describe, expect, it } from "vitest";
import { createLifecycle, type Lifecycle } from "./lifecycle.js";

const states: readonly Lifecycle[] = ["created", "starting", "running", "draining", "stopped"];

describe("createLifecycle", () => {
  it("begins where it is told", () => {
    for (const state of states) expect(createLifecycle(state).current()).toBe(state);
  });

  it("moves on to any later state, and stays where it is without complaint", () => {
    for (const [from, first] of states.entries()) {
      for (const next of states.slice(from)) {
        const lifecycle = createLifecycle(first);
        lifecycle.become(next);
        expect(lifecycle.current()).toBe(next);
      }
    }
  });

  it("refuses to go back, says what to do, and stays where it is", () => {
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

  it("tells every listener of each change, once, until it wants no more", () => {
    const lifecycle = createLifecycle("created");
    const [one, other] = [[] as Lifecycle[], [] as Lifecycle[]];
    lifecycle.onChange((state) => other.push(state));
    const end = lifecycle.onChange((state) => one.push(state));
    lifecycle.become("starting");
    lifecycle.become("starting");
    end();
    lifecycle.become("running");
    expect([one, other]).toEqual([["starting"], ["starting", "running"]]);
  });
});
