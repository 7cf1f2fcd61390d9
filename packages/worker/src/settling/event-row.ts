/** An event that is written with an outcome. */
export interface EventRow {
  readonly queueName: string;
  /** The event as JSON. */
  readonly text: string;
  /** What it inherits of its step's headers. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
