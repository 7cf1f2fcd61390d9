/** The question of the probe. */
export type ProbeName = "ready" | "live";

/** Where the API key of `probe --url` is, and which header carries it; never the key itself. */
export interface ProbeKeySource {
  /** The name of an environment variable; undefined: there is none. */
  readonly env: string | undefined;
  /** The path of a file that contains the key; undefined: there is none. */
  readonly file: string | undefined;
  readonly header: string;
}

/** How to probe. */
export interface ProbeRequest {
  readonly name: ProbeName;
  readonly where: string;
  readonly timeoutMs: number;
  readonly maxAgeMs: number;
  readonly key: ProbeKeySource;
}
