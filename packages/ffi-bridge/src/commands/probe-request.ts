/** What is asked. */
export type ProbeName = "ready" | "live";

/** How a probe is to go about it. */
export interface ProbeRequest {
  readonly name: ProbeName;
  readonly where: string;
  readonly timeoutMs: number;
  readonly maxAgeMs: number;
}
