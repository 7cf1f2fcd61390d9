import {
  clockOption,
  delayMs,
  loggerOption,
  textOption,
  valueOption,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";
import { areGlobs, globsExpected } from "./find-files.js";

const { maxBytes, maxDepth } = defaultYamlLimits;

export const yamlFolderSourceOptionsSchema = z.strictObject({
  /** Globs, as in `search_paths`: `config/tasks/**\/*.{yml,yaml}`. */
  patterns: valueOption<string | readonly string[]>(
    globsExpected,
    (patterns) => areGlobs(Array.isArray(patterns) ? patterns : [patterns]),
    "string or string[]",
  ),
  /** The folder that relative patterns start from. @default `process.cwd()` */
  cwd: z.optional(textOption("the path of a folder", () => true)),
  /** Receives every new finding once, removed templates, and, at the start, patterns that match no file. @default silent */
  logger: z.optional(loggerOption),
  /** How often to check for changed files. @default never: the folder is read at the start and on refresh */
  watchIntervalMs: z.optional(delayMs(100)),
  /** The limits of one file. @default 256 KiB, 64 levels */
  limits: z
    .strictObject({
      /** Bytes of one file; repetition by aliases may add as much again. @default 262144 */
      maxBytes: z._default(wholeNumberOption(1, 16_777_216, { unit: "bytes" }), maxBytes),
      /** How deep collections may nest. @default 64 */
      maxDepth: z._default(wholeNumberOption(1, 256, { unit: "levels" }), maxDepth),
    })
    .prefault({}),
  /** The clock. @default the machine's */
  clock: z.optional(clockOption),
});
/** Options of `createYamlFolderSource`. */
export type YamlFolderSourceOptions = z.input<typeof yamlFolderSourceOptionsSchema>;
