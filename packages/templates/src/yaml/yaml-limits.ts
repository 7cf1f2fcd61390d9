/** How much of a machine one YAML file may take. */
export interface YamlLimits {
  /** Bytes of one file; what its aliases repeat may add as much again. @default 262144 */
  readonly maxBytes: number;
  /** How deep collections may nest. @default 64 */
  readonly maxDepth: number;
}

export const defaultYamlLimits: YamlLimits = Object.freeze({ maxBytes: 262_144, maxDepth: 64 });
