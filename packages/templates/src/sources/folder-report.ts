import type { Logger } from "@tasker-observability/core";
import { type FileFinding, toFileFindings } from "../file-finding.js";
import type { FolderScan } from "./template-folder.js";

/** What a folder of templates contains. */
export interface FolderReport {
  readonly file_count: number;
  readonly template_count: number;
  /** Sorted. */
  readonly namespaces: readonly string[];
  /** By file, then in the order in which they were found. */
  readonly findings: readonly FileFinding[];
}

const reports = new WeakMap<FolderScan, FolderReport>();

/** Once for each scan: the next one is compared with it. */
export function toReport(scan: FolderScan): FolderReport {
  const known = reports.get(scan);
  if (known !== undefined) return known;
  const report = reportOf(scan);
  reports.set(scan, report);
  return report;
}

function reportOf({ files, index }: FolderScan): FolderReport {
  return Object.freeze({
    file_count: files.length,
    template_count: index.list({ namespace: null, limit: 0, offset: 0 }).total,
    namespaces: index.namespaces,
    findings: Object.freeze(
      files.flatMap((file) =>
        toFileFindings(file, [...file.problems, ...(index.problems.get(file.path) ?? [])]),
      ),
    ),
  });
}

/** A line for each finding that the last scan did not have. A new file may cause a finding in an unchanged one. */
export function logFindings(before: FolderScan | null, scan: FolderScan, logger: Logger): void {
  const known = new Set(
    before === null ? [] : toReport(before).findings.map((finding) => JSON.stringify(finding)),
  );
  for (const finding of toReport(scan).findings) {
    if (known.has(JSON.stringify(finding))) continue;
    const { severity, message, ...fields } = finding;
    logger(severity === "error" ? "error" : "warn", `template file: ${message}`, fields);
  }
}
