import { describe, expect, it } from "vitest";
import { definitionOf, templateText } from "../testing/templates.js";
import { placeInOverride } from "./override-place.js";

const { definition } = definitionOf(
  templateText(`steps: [{ name: a }, { name: b }]
environments:
  test:
    description: 7
    steps:
      - { name: ALL, timeout_seconds: -4, handler: { method: 1 } }
      - { name: b, timeout_seconds: , retry: { limit: -1 } }
      - { name: a, timeout_seconds: -5 }`),
);

describe("the place of what an environment overrides", () => {
  it.each([
    ["of the template", ["description"], ["description"]],
    [
      "of a step, in the override that came last to it",
      ["steps", 0, "timeout_seconds"],
      ["steps", 2, "timeout_seconds"],
    ],
    [
      "of every step, where the step's own override says nothing",
      ["steps", 1, "timeout_seconds"],
      ["steps", 0, "timeout_seconds"],
    ],
    [
      "as far as an override leads to it",
      ["steps", 1, "handler", "callable"],
      ["steps", 0, "handler", "callable"],
    ],
    [
      "under its other spelling",
      ["steps", 1, "retry", "max_attempts"],
      ["steps", 1, "retry", "max_attempts"],
    ],
    ["that no override says", ["steps", 0, "dependencies"], []],
    ["that is not of the overrides", ["input_schema", "type"], []],
  ])("is found %s", (_what, path, place) => {
    expect(placeInOverride(definition, "test", path)).toEqual(["environments", "test", ...place]);
  });

  it("is the environment if its overrides have the wrong shape", () => {
    const broken = definitionOf(
      templateText("steps: [{ name: a }]\nenvironments: { test: 7, other: { steps: 7 } }"),
    ).definition;
    expect(placeInOverride(broken, "test", ["steps", 0, "handler"])).toEqual([
      "environments",
      "test",
    ]);
    expect(placeInOverride(broken, "other", ["steps", 0, "handler"])).toEqual([
      "environments",
      "other",
    ]);
  });
});
