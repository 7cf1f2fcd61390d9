/** How to find one kind of secret in a text. */
export interface TextPattern {
  /**
   * Only a text that contains one of these, in lower case, is searched: most texts contain none, and this test is
   * cheap.
   */
  readonly marks: readonly (string | RegExp)[];
  /**
   * With the flags `d` and `g`; the group `secret` is the secret. If there is a group `key`, it must be a sensitive
   * key. Every repetition is bounded or cannot fail, so that hostile text costs linear time.
   */
  readonly pattern: RegExp;
  /** Whether the secret must also look like one, because prose reads the same. */
  readonly unlessOrdinary?: boolean;
}

/** The flags that {@link TextPattern.pattern} needs, in any case. */
export function regExp(source: string): RegExp {
  return new RegExp(source, "dgi");
}
