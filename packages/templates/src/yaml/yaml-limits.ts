/** The limits of one YAML file. */
export interface YamlLimits {
  /** Bytes of one file; repetition by aliases may add as much again. @default 262144 */
  readonly maxBytes: number;
  /** How deep collections may nest. @default 64 */
  readonly maxDepth: number;
}

export const defaultYamlLimits: YamlLimits = Object.freeze({ maxBytes: 262_144, maxDepth: 64 });
