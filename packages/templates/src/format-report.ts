import { toPrintable } from "@tasker-observability/core";
import type { FileFinding } from "./file-finding.js";
import type { TemplateFilesReport } from "./check-template-files.js";

/** The report for people: a line per finding that begins with `file:line:column`, and a summary. */
export function formatReport(report: TemplateFilesReport): string {
  const { file_count, template_count, error_count, warning_count } = report;
  const sum = `${counted(file_count, "file")}, ${counted(template_count, "template")}: ${counted(error_count, "error")}, ${counted(warning_count, "warning")}.`;
  return [...report.findings.map(formatFinding), sum].join("\n");
}

function formatFinding({
  file,
  line,
  column,
  severity,
  code,
  path,
  message,
  hint,
}: FileFinding): string {
  const where = path === "" ? "" : ` ${path}:`;
  return toPrintable(
    `${file}:${line}:${column} ${severity} ${code}${where} ${message}${hint === null ? "" : ` ${hint}`}`,
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
