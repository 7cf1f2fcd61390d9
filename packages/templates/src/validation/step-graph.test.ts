import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findBlockedSteps, findCycles } from "./step-graph.js";
import { readSteps, type StepView } from "./subject.js";

/** `{ a: "b c" }`: a waits for b and c. */
function stepsOf(waits: Readonly<Record<string, string>>): readonly StepView[] {
  return readSteps({
    steps: Object.entries(waits).map(([name, dependencies]) => ({
      name,
      dependencies: dependencies.split(" ").filter((each) => each !== ""),
    })),
  });
}

function cyclesOf(waits: Readonly<Record<string, string>>): readonly string[] {
  return findCycles(stepsOf(waits)).map((cycle) => cycle.map(({ name }) => name).join(" "));
}

function blockedOf(waits: Readonly<Record<string, string>>): readonly string[] {
  return findBlockedSteps(stepsOf(waits)).map(({ step, by }) => `${step.name} by ${by}`);
}

describe("cycles", () => {
  it("are empty in a line, a diamond, or beside a missing step", () => {
    expect(cyclesOf({ a: "", b: "a", c: "a", d: "b c" })).toEqual([]);
    expect(cyclesOf({ a: "missing" })).toEqual([]);
  });

  it("are reported in the order in which the steps wait", () => {
    expect(cyclesOf({ a: "b", b: "c", c: "a" })).toEqual(["a b c"]);
    expect(cyclesOf({ self: "self" })).toEqual(["self"]);
  });

  it("leave out the steps that only lead there", () => {
    expect(cyclesOf({ before: "", a: "before b", b: "a", after: "b" })).toEqual(["a b"]);
  });

  it("are all reported", () => {
    expect(cyclesOf({ a: "b", b: "a", c: "d", d: "c" })).toEqual(["a b", "c d"]);
  });

  it("are found in a chain of 20 000 steps without exhausting the stack", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`s${index}`, `s${(index + 1) % 20_000}`]),
    );
    expect(findCycles(stepsOf(chain))[0]).toHaveLength(20_000);
  });

  const names = ["a", "b", "c", "d", "e", "f"];
  const graphs = fc.dictionary(
    fc.constantFrom(...names),
    fc.array(fc.constantFrom(...names)).map((each) => each.join(" ")),
  );

  it("really are cycles", () => {
    fc.assert(
      fc.property(graphs, (graph) =>
        findCycles(stepsOf(graph)).every((cycle) =>
          cycle.every((step, index) =>
            step.dependencies.some(({ name }) => name === cycle[(index + 1) % cycle.length]?.name),
          ),
        ),
      ),
    );
  });

  it("are found exactly when no order of the steps works", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const waiting = new Map(Object.entries(graph));
        for (let ran = true; ran;) {
          const next = [...waiting].find(([, dependencies]) =>
            dependencies.split(" ").every((each) => !waiting.has(each)),
          );
          ran = next !== undefined && waiting.delete(next[0]);
        }
        expect(findCycles(stepsOf(graph)).length > 0).toBe(waiting.size > 0);
      }),
    );
  });
});

describe("blocked steps", () => {
  it("wait for a cycle or a missing step, directly or not", () => {
    expect(blockedOf({ a: "b", b: "a", c: "b", d: "c", free: "" })).toEqual(["c by b", "d by c"]);
    expect(blockedOf({ a: "missing", b: "a", c: "b" })).toEqual(["b by a", "c by b"]);
  });

  it("are empty if all can run", () => {
    expect(blockedOf({ a: "", b: "a", c: "a b" })).toEqual([]);
  });
});
