import { functionOption, textOption, valueOption } from "@tasker-observability/core/options";
import * as z from "zod";
import type { Variables } from "./load/location.js";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const anyText = textOption("a string", () => true);

export const loadConfigOptionsSchema = z.strictObject({
  /** The folder of the configuration. @default `TASKER_CONFIG_ROOT`, else `config/tasker` */
  root: anyText.optional(),
  /** One complete file instead of a folder. @default `TASKER_CONFIG_PATH`, else none */
  path: anyText.optional(),
  /** The environment's name. @default `TASKER_ENV`, else `common.execution.environment`, else `development` */
  environment: anyText.optional(),
  /** Environment variables. @default `process.env` */
  env: valueOption<Variables>("an object of environment variables", isObject, "object").optional(),
  /** What relative paths are relative to. @default `process.cwd()` */
  cwd: anyText.optional(),
  /** Makes the id of a worker that has none. @default `worker-<uuid>` */
  createWorkerId: functionOption<() => string>("() => string").optional(),
});
/** Options of `loadConfig`; all have a default. */
export type LoadConfigOptions = z.input<typeof loadConfigOptionsSchema>;

export const resolveConfigOptionsSchema = loadConfigOptionsSchema.pick({
  environment: true,
  env: true,
  createWorkerId: true,
});
/** Options of `resolveConfig`: those of `loadConfig` that are not about files. */
export type ResolveConfigOptions = z.input<typeof resolveConfigOptionsSchema>;
