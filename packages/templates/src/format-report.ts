import type { FileFinding } from "./file-finding.js";
import type { TemplateFilesReport } from "./check-template-files.js";

/** The report as people read it: a line per finding that begins with `file:line:column`, and one that sums up. */
export function formatReport(report: TemplateFilesReport): string {
  const { file_count, template_count, error_count, warning_count } = report;
  const sum = `${counted(file_count, "file")}, ${counted(template_count, "template")}: ${counted(error_count, "error")}, ${counted(warning_count, "warning")}.`;
  return [...report.findings.map(formatFinding), sum].join("\n");
}

function formatFinding({ file, line, column, severity, code, path, message, hint }: FileFinding): string {
  const where = path === "" ? "" : ` ${path}:`;
  return printable(`${file}:${line}:${column} ${severity} ${code}${where} ${message}${hint === null ? "" : ` ${hint}`}`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Names come from files: none of them may move a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
