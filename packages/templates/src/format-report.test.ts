import { describe, expect, it } from "vitest";
import type { TemplateFilesReport } from "./check-template-files.js";
import type { FileFinding } from "./file-finding.js";
import { formatReport } from "./format-report.js";

const finding: FileFinding = {
  severity: "error",
  code: "unknown_dependency",
  file: "config/tasks/a.yaml",
  line: 12,
  column: 9,
  path: "steps[1].dependencies[0]",
  message: 'The step "pay" depends on "chekc", but no step has that name.',
  hint: 'Did you mean "check"?',
};
const report: TemplateFilesReport = {
  valid: false,
  file_count: 1,
  template_count: 2,
  error_count: 1,
  warning_count: 0,
  unmatched: [],
  findings: [finding],
};

describe("the report for people", () => {
  it("has a line per finding that editors can follow, and one that sums up", () => {
    expect(formatReport(report)).toBe(
      [
        'config/tasks/a.yaml:12:9 error unknown_dependency steps[1].dependencies[0]: The step "pay" depends on "chekc", but no step has that name. Did you mean "check"?',
        "1 file, 2 templates: 1 error, 0 warnings.",
      ].join("\n"),
    );
  });

  it("leaves out what a finding does not have", () => {
    expect(
      formatReport({
        ...report,
        findings: [{ ...finding, path: "", hint: null, message: "Broken." }],
      }),
    ).toContain("a.yaml:12:9 error unknown_dependency Broken.\n");
  });

  it("lets no name of a file or a step move the cursor", () => {
    const hostile = { ...finding, file: "a\u001b[2J\n.yaml", message: "x\u202Ey\u009b\u2028" };
    expect(formatReport({ ...report, findings: [hostile] }).split("\n")).toHaveLength(2);
    expect(formatReport({ ...report, findings: [hostile] })).toContain("a\\u{1b}[2J\\u{a}.yaml");
  });
});
