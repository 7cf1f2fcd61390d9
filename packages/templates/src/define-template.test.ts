import { describe, expect, it } from "vitest";
import { defineTemplate, summarize } from "./define-template.js";
import { definitionOf, inShort, templateText } from "./testing/templates.js";

const registeredAt = "2025-01-01T00:00:00.000Z";

describe("defineTemplate", () => {
  it("takes the identity from the template", () => {
    const { template, problems } = defineTemplate(
      { name: "a", namespace_name: "n", version: "1.0.0" },
      { problems: [], registeredAt },
    );
    expect(template).toMatchObject({
      identity: { namespace: "n", name: "a", version: "1.0.0" },
      registeredAt,
    });
    expect(problems).toEqual([]);
  });

  it("names everything that the identity lacks at once", () => {
    const { template, problems } = defineTemplate(
      { name: "", version: 1.5 },
      { problems: [], registeredAt },
    );
    expect(template).toBeNull();
    expect(inShort(problems)).toEqual([
      "error not_a_template name",
      "error not_a_template namespace_name",
      "error not_a_template version",
    ]);
    expect(problems[2]?.hint).toBe("Put it in quotes.");
  });

  it.each([[null], ["text"], [5], [[{ name: "a" }]]])(
    "does not treat %j as a template",
    (value) => {
      const { template, problems } = defineTemplate(value, { problems: [], registeredAt });
      expect(template).toBeNull();
      expect(inShort(problems)).toEqual(["error not_a_template "]);
    },
  );

  it("rejects the namespace whose addresses are those of the cache", () => {
    const { template, problems } = defineTemplate(
      { name: "a", namespace_name: "cache", version: "1.0.0" },
      { problems: [], registeredAt },
    );
    expect(template).toBeNull();
    expect(inShort(problems)).toEqual(["error reserved_namespace namespace_name"]);
  });
});

describe("the line that lists a template", () => {
  it("counts its steps and has a description", () => {
    expect(
      summarize(definitionOf(templateText("description: Pays\nsteps: [{ name: a }, { name: b }]"))),
    ).toEqual({
      namespace: "payments",
      name: "refund",
      version: "1.0.0",
      description: "Pays",
      step_count: 2,
    });
  });

  it("has null and 0 if the template has no readable value", () => {
    expect(summarize(definitionOf(templateText("description: [1]\nsteps: 5")))).toMatchObject({
      description: null,
      step_count: 0,
    });
  });
});
