import { describe, expect, it } from "vitest";
import type { Family } from "../family.js";
import { FamilyReadings } from "./family-readings.js";
import { LabelSets } from "./label-sets.js";

const depth: Family = { name: "depth", type: "gauge", help: "Depth.", labels: ["namespace"] };
const age: Family = {
  name: "age",
  type: "gauge",
  help: "Age.",
  labels: ["namespace"],
  merge: "max",
};
const health: Family = {
  name: "health",
  type: "gauge",
  help: "Health.",
  labels: ["namespace"],
  merge: "min",
};

function createReadings(...families: Family[]): FamilyReadings {
  return new FamilyReadings(
    new Map(
      families.map((family) => [
        family,
        new LabelSets({ names: family.labels, limit: 1, onOverflow: () => undefined }),
      ]),
    ),
  );
}

describe("FamilyReadings", () => {
  it("merges what falls under one label set as the family says", () => {
    const readings = createReadings(depth, age, health);
    for (const [namespace, value] of [
      ["a", 1],
      ["b", 5],
      ["c", 3],
    ] as const) {
      for (const family of [depth, age, health]) readings.record(family, [namespace], value);
    }
    expect(
      readings
        .finish()
        .families.map(({ name, points }) => [
          name,
          ...points.map(({ labels, value }) => [labels.namespace, value]),
        ]),
    ).toEqual([
      ["depth", ["a", 1], ["__other__", 8]],
      ["age", ["a", 1], ["__other__", 5]],
      ["health", ["a", 1], ["__other__", 3]],
    ]);
  });

  it("leaves out null and families without a sample, and keeps the declared order", () => {
    const readings = createReadings(depth, age, health);
    readings.record(health, ["a"], 1);
    readings.record(age, ["a"], null);
    readings.record(depth, ["a"], 0);
    expect(readings.finish().families.map(({ name }) => name)).toEqual(["depth", "health"]);
  });

  it("is complete by default", () => {
    const readings = createReadings(depth);
    expect(readings.finish().complete).toBe(true);
    readings.incomplete();
    expect(readings.finish().complete).toBe(false);
  });

  it("rejects a family that its collector did not declare", () => {
    expect(() => createReadings(depth).record(age, ["a"], 1)).toThrow("age is not declared");
  });
});
