import type { Clock, Logger } from "@tasker-observability/core";
import {
  givenOptions,
  loggerProblems,
  longestTimerMs,
  nameProblems,
  numberProblems,
  refuseProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
import type { YamlLimits } from "../yaml/yaml-limits.js";
import { patternProblems } from "./find-files.js";

/** Options of `createYamlFolderSource`. */
export interface YamlFolderSourceOptions {
  /** Globs, as in `search_paths`: `config/tasks/**\/*.{yml,yaml}`. */
  readonly patterns: string | readonly string[];
  /** The folder that relative patterns start from. @default the process's working directory */
  readonly cwd?: string | undefined;
  /** Told of every finding once, when it is new. @default silent */
  readonly logger?: Logger | undefined;
  /** Milliseconds between looks for changed files. @default none: the folder is read at start and on refresh */
  readonly watchIntervalMs?: number | undefined;
  /** What one file may cost. @default 256 KiB, 64 levels */
  readonly limits?: { readonly [K in keyof YamlLimits]?: YamlLimits[K] | undefined } | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const known: Readonly<Record<keyof YamlFolderSourceOptions, true>> = {
  patterns: true,
  cwd: true,
  logger: true,
  watchIntervalMs: true,
  limits: true,
  clock: true,
};
const knownLimits: Readonly<Record<keyof YamlLimits, true>> = { maxBytes: true, maxDepth: true };
const ofClock: readonly (keyof Clock)[] = ["wallMs", "monotonicMs", "after"];

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: unknown): void {
  const { patterns, cwd, logger, watchIntervalMs, limits, clock } = givenOptions(options);
  const { maxBytes, maxDepth } = givenOptions(limits);
  refuseProblems([
    ...nameProblems("createYamlFolderSource", options, Object.keys(known)),
    ...patternProblems(patterns),
    ...(cwd === undefined || typeof cwd === "string" ? [] : ["cwd must be the path of a folder."]),
    ...loggerProblems(logger),
    ...numberProblems("watchIntervalMs", watchIntervalMs, { least: 100, most: longestTimerMs }),
    ...(limits === undefined ? [] : nameProblems("limits", limits, Object.keys(knownLimits))),
    ...numberProblems("limits.maxBytes", maxBytes, { least: 1, most: 16_777_216 }),
    ...numberProblems("limits.maxDepth", maxDepth, { least: 1, most: 256 }),
    ...shapeProblems(
      clock,
      ofClock,
      "clock must have wallMs(), monotonicMs() and after(), as the machine's has.",
    ),
  ]);
}
