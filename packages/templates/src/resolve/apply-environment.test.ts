import { describe, expect, it } from "vitest";
import { definitionOf, templateText } from "../testing/templates.js";
import { applyEnvironment } from "./apply-environment.js";

function resolve(lines: string, environment = "test"): Record<string, unknown> {
  return applyEnvironment(definitionOf(templateText(lines)).definition, environment);
}

const steps =
  "steps:\n  - { name: a, timeout_seconds: 30, retry: { limit: 3, backoff: linear } }\n  - { name: b, timeout_seconds: 40 }\n";

describe("applyEnvironment", () => {
  it("does not change a template without an override for the environment", () => {
    const { definition } = definitionOf(
      templateText(
        `${steps}environments: { production: { steps: [{ name: a, timeout_seconds: 1 }] } }`,
      ),
    );
    expect(applyEnvironment(definition, "test")).toBe(definition);
    expect(applyEnvironment(definition, "constructor")).toBe(definition);
  });

  it("overrides the step of that name", () => {
    expect(
      resolve(`${steps}environments: { test: { steps: [{ name: b, timeout_seconds: 1 }] } }`),
    ).toMatchObject({ steps: [{ timeout_seconds: 30 }, { name: "b", timeout_seconds: 1 }] });
  });

  it("overrides every step under the name ALL, and keeps their names", () => {
    expect(
      resolve(`${steps}environments: { test: { steps: [{ name: ALL, timeout_seconds: 1 }] } }`),
    ).toMatchObject({
      steps: [
        { name: "a", timeout_seconds: 1 },
        { name: "b", timeout_seconds: 1 },
      ],
    });
  });

  it("applies overrides in the order in which they are written", () => {
    const override = (order: string): unknown =>
      resolve(`${steps}environments: { test: { steps: [${order}] } }`).steps;
    expect(
      override("{ name: ALL, timeout_seconds: 1 }, { name: a, timeout_seconds: 2 }"),
    ).toMatchObject([{ timeout_seconds: 2 }, { timeout_seconds: 1 }]);
    expect(
      override("{ name: a, timeout_seconds: 2 }, { name: ALL, timeout_seconds: 1 }"),
    ).toMatchObject([{ timeout_seconds: 1 }, { timeout_seconds: 1 }]);
  });

  it("overrides nothing with null, and merges mappings", () => {
    expect(
      resolve(
        `${steps}environments: { test: { steps: [{ name: a, timeout_seconds: , retry: { backoff: none, limit: } }] } }`,
      ),
    ).toMatchObject({
      steps: [{ timeout_seconds: 30, retry: { limit: 3, max_attempts: 3, backoff: "none" } }, {}],
    });
  });

  it("changes an alias together with its key", () => {
    expect(
      resolve(
        `${steps}environments: { test: { steps: [{ name: a, retry: { max_attempts: 1 } }] } }`,
      ),
    ).toMatchObject({ steps: [{ retry: { limit: 1, max_attempts: 1 } }, {}] });
    expect(
      resolve(`${steps}environments: { test: { steps: [{ name: a, retry: { limit: 1 } }] } }`),
    ).toMatchObject({ steps: [{ retry: { limit: 1, max_attempts: 1 } }, {}] });
  });

  it("merges other keys into the template, but never renames it", () => {
    const resolved = resolve(
      `task_handler: { callable: x, initialization: { a: 1 } }\n${steps}environments: { test: { name: other, version: 9.9.9, task_handler: { initialization: { b: 2 } } } }`,
    );
    expect(resolved).toMatchObject({
      name: "refund",
      version: "1.0.0",
      task_handler: { callable: "x", initialization: { a: 1, b: 2 } },
    });
  });

  it.each(["", "task_handler:\n", "task_handler: text\n"])(
    "makes no handler of the task if the template has none: %j",
    (lines) => {
      const resolved = resolve(
        `${lines}${steps}environments: { test: { task_handler: { callable: x } } }`,
      );
      expect(resolved.task_handler).toBe(resolve(lines).task_handler);
    },
  );

  it("keeps the environments, and adds no step", () => {
    const resolved = resolve(
      `${steps}environments: { test: { steps: [{ name: missing, timeout_seconds: 1 }] } }`,
    );
    expect(resolved.steps).toHaveLength(2);
    expect(resolved.environments).toEqual({
      test: { steps: [{ name: "missing", timeout_seconds: 1 }] },
    });
  });

  it("leaves `${VAR}` as it is", () => {
    expect(
      resolve("steps:\n  - { name: a, handler: { initialization: { url: '${GATEWAY_URL:-x}' } } }"),
    ).toMatchObject({ steps: [{ handler: { initialization: { url: "${GATEWAY_URL:-x}" } } }] });
  });
});
