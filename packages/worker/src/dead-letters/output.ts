/** Where the command's lines go, one at a time: no more is read of the database while one is under way. */
export interface DeadLettersOutput {
  /** What was asked for. */
  readonly print: (line: string) => Promise<void>;
  /** What is to be known beside it. */
  readonly note: (line: string) => Promise<void>;
}
