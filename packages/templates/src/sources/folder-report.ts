import type { Logger } from "@tasker-observability/core";
import { type FileFinding, toFileFindings } from "../file-finding.js";
import type { FolderScan } from "./template-folder.js";

/** What a folder of templates holds. */
export interface FolderReport {
  readonly file_count: number;
  readonly template_count: number;
  /** Sorted. */
  readonly namespaces: readonly string[];
  /** By file, then in the order in which they were found. */
  readonly findings: readonly FileFinding[];
}

export function toReport({ files, index }: FolderScan): FolderReport {
  return Object.freeze({
    file_count: files.length,
    template_count: index.list({ namespace: null, limit: 0, offset: 0 }).total,
    namespaces: index.namespaces,
    findings: Object.freeze(files.flatMap((file) => toFileFindings(file, [...file.problems, ...(index.problems.get(file.path) ?? [])]))),
  });
}

/** A line for each finding of a file that this scan has read. */
export function logFindings(scan: FolderScan, logger: Logger): void {
  const read = new Set(scan.read.map(({ path }) => path));
  for (const finding of toReport(scan).findings) {
    if (!read.has(finding.file)) continue;
    const { severity, message, ...fields } = finding;
    logger(severity === "error" ? "error" : "warn", `template file: ${message}`, fields);
  }
}
