import { readdir } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createHandlers } from "../handlers.js";
import { definitionOf, inShort, problemsOf, templateText } from "../testing/templates.js";
import { rules } from "./rules.js";
import { validateDefinition } from "./validate-template.js";

const anything = { environment: null, handlers: null, supportedNamespaces: null };

describe("validating a template", () => {
  it("finds everything at once", () => {
    const lines = [
      "input_schema: { type: objekt }",
      "description: [1]",
      "steps:",
      "  - { name: a, handler: { callable: gone }, dependencies: [b], timeout_seconds: 0 }",
      "  - { name: b, handler: { callable: h }, dependencies: [a], retry: { limit: -1 } }",
      "  - { name: b, handler: { callable: h }, dependencies: [missing] }",
    ];
    const problems = problemsOf(lines.join("\n"), {
      handlers: createHandlers(["h"]),
      supportedNamespaces: ["orders"],
    });
    expect(problems.map(({ code }) => code)).toEqual([
      "invalid_shape",
      "unsupported_namespace",
      "invalid_input_schema",
      "duplicate_step_name",
      "unknown_dependency",
      "dependency_cycle",
      "unknown_handler",
      "retry_out_of_bounds",
      "timeout_out_of_bounds",
    ]);
  });

  it("reports one fault once, by the finding that says more", () => {
    expect(inShort(problemsOf("steps: [{ handler: { callable: h } }]"))).toEqual([
      "error missing_step_name steps.0.name",
    ]);
  });

  it("is valid with warnings", () => {
    const { valid, problems } = validateDefinition(
      definitionOf(
        templateText(
          "steps: [{ name: a, handler: { callable: h } }, { name: b, handler: { callable: h }, dependencies: [a, a] }]",
        ),
      ),
      anything,
    );
    expect({ valid, severities: problems.map(({ severity }) => severity) }).toEqual({
      valid: true,
      severities: ["warning"],
    });
  });

  it("never throws, whatever the input", () => {
    const keys = [
      "steps",
      "environments",
      "input_schema",
      "domain_events",
      "type",
      "name",
      "dependencies",
      "retry",
      "limit",
      "max_attempts",
      "handler",
      "callable",
      "publishes_events",
      "schema",
      "test",
      "timeout_seconds",
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, 0, -1, "a", "ALL", "batch_worker", "decision"),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys), tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys.filter((key) => key !== "name")), tree),
        (value) => {
          const { problems } = validateDefinition(
            definitionOf(templateText(Object.keys(value).length === 0 ? "" : stringify(value))),
            { ...anything, environment: "test", handlers: createHandlers(["a"]) },
          );
          expect(problems.every(({ message }) => message.endsWith("."))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("has every rule in the list, each once", async () => {
    const files = await readdir(new URL("rules", import.meta.url));
    expect(new Set(rules).size).toBe(files.filter((file) => file.endsWith("-rule.ts")).length);
  });
});
