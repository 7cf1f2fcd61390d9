/** The command's output. It reads no more from the database until a line is written. */
export interface DeadLettersOutput {
  /** Standard output: the result. */
  readonly print: (line: string) => Promise<void>;
  /** Standard error: remarks about the result. */
  readonly note: (line: string) => Promise<void>;
}
