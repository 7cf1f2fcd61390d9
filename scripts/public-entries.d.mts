export function publicEntries(): readonly {
  /** What an import names: `@tasker-observability/core/options`. */
  readonly name: string;
  /** The path of its source. */
  readonly source: string;
  readonly isPrivate: boolean;
}[];
