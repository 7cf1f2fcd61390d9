import { describe, expect, it } from "vitest";
import { definitionOf, inShort, problemsOf, templateText } from "../testing/templates.js";
import { findRefusals } from "./refused-by-tasker.js";

/** The paths that Tasker refuses in a template with these lines. */
function refused(lines: string): readonly string[] {
  const { definition } = definitionOf(templateText(lines));
  return findRefusals({ definition }).map(({ path }) => path.join("."));
}

const instant = (rest: string): [string, string] => [
  `metadata: { created_at: "2025-${rest}" }`,
  "metadata.created_at",
];
const step = (lines: string): string => `steps: [{ name: a, handler: { callable: h }, ${lines} }]`;

describe("what Tasker refuses", () => {
  // Each line was given to Tasker's own types, which load it.
  it.each([
    "",
    "metadata: { author: x, tags: [a], created_at: 2025-01-01T00:00:00Z, updated_at: null }",
    'metadata: { created_at: "2025-01-01T00:00:00+02:00", reviewer: someone }',
    'metadata: { created_at: "2025-02-28 23:59:60 +0130", updated_at: 2025-2-3T4:05:06.789UTC }',
    "lifecycle: { max_duration_minutes: 60, staleness_action: dlq, auto_dlq_on_timeout: null }",
    "lifecycle: null",
    "system_dependencies: { secondary: [a, b] }",
    "domain_events: [{ name: a.b }, { name: 5, schema: true }]",
    "input_schema: true",
    "environments: { test: {} }",
    step("retry: {}, timeout_seconds: null, batch_config: null, result_schema: text"),
    step("retry: { limit: 5 }, step_type: batchable, foo: bar"),
    step("publishes_events: [{ name: a.b, description: x, schema: null }]"),
  ])("is nothing of %j", (lines) => {
    expect(refused(lines)).toEqual([]);
  });

  // And these it refuses.
  it.each([
    ["metadata: { tags: a }", "metadata.tags"],
    ["metadata: { tags: null }", "metadata.tags"],
    ["metadata: { created_at: 2025-01-01 }", "metadata.created_at"],
    ['metadata: { created_at: "2025-01-01T00:00:00" }', "metadata.created_at"],
    ...["02-30T00:00:00Z", "13-01T00:00:00Z", "01-01T24:00:00Z", "01-01T00:60:00Z"].map(instant),
    ...["01-01T00:00:61Z", "01-01T00:00:00+24:00", "01-01T00:00:00+01:60"].map(instant),
    ...["00-01T00:00:00Z", "01-00T00:00:00Z", "01-01T00:00:00+02"].map(instant),
    ['lifecycle: { max_duration_minutes: "60" }', "lifecycle.max_duration_minutes"],
    ["lifecycle: { max_duration_minutes: 1.5 }", "lifecycle.max_duration_minutes"],
    ["lifecycle: { max_duration_minutes: 5000000000 }", "lifecycle.max_duration_minutes"],
    ["lifecycle: { auto_fail_on_timeout: yes }", "lifecycle.auto_fail_on_timeout"],
    ["system_dependencies: null", "system_dependencies"],
    ["system_dependencies: { secondary: null }", "system_dependencies.secondary"],
    ["domain_events: [a.b]", "domain_events.0"],
    ["domain_events: {}", "domain_events"],
    ["environments: { test: }", "environments.test"],
    [
      "environments: { test: { steps: [{ timeout_seconds: 1 }] } }",
      "environments.test.steps.0.name",
    ],
    [
      "environments: { test: { steps: [{ name: ALL, retry: { max_attempts: x } }] } }",
      "environments.test.steps.0.retry.max_attempts",
    ],
    [step("retry: null"), "steps.0.retry"],
    [step("dependencies: null"), "steps.0.dependencies"],
    [step("publishes_events: null"), "steps.0.publishes_events"],
    [step("step_type: deferred"), "steps.0.step_type"],
    [step("timeout_seconds: 4294967296"), "steps.0.timeout_seconds"],
    [step("publishes_events: [a.b]"), "steps.0.publishes_events.0"],
    [
      step("publishes_events: [{ name: a.b, description: x, schema: {}, condition: null }]"),
      "steps.0.publishes_events.0.condition",
    ],
    [
      "steps: [{ name: a, handler: { callable: h, initialization: } }]",
      "steps.0.handler.initialization",
    ],
  ])("is found: %s", (lines, path) => {
    expect(refused(lines)).toEqual([path]);
  });

  it("are events without a description or a schema", () => {
    expect(problemsOf(step("publishes_events: [{ name: a.b }]"))).toMatchObject([
      {
        severity: "warning",
        code: "refused_by_tasker",
        path: ["steps", 0, "publishes_events", 0, "description"],
        message: "Tasker refuses this: description is missing.",
      },
      {
        severity: "warning",
        path: ["steps", 0, "publishes_events", 0, "schema"],
        message: "Tasker refuses this: schema is missing.",
      },
    ]);
  });

  it("is reported once if the template already has a finding there", () => {
    expect(inShort(problemsOf(step("timeout_seconds: soon")))).toEqual([
      "error invalid_shape steps.0.timeout_seconds",
    ]);
  });
});
