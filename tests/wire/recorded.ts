import { readFileSync } from "node:fs";

/** What Tasker's worker answered to one request. */
export interface RecordedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly content_type: string;
  /** JSON, or text. */
  readonly body: unknown;
}

/** The recorded versions of Tasker's worker: that of its observability ticket, TAS-77, and 0.1.8. */
export const versions = ["tas77", "current"] as const;
export type Version = (typeof versions)[number];

/** What that version answered, over the sample templates of this repository. */
export function recordedAnswers(version: Version): readonly RecordedAnswer[] {
  return JSON.parse(
    readFileSync(new URL(`${version}.json`, import.meta.url), "utf8"),
  ) as RecordedAnswer[];
}
