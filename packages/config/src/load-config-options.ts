import { functionOption, textOption, valueOption } from "@tasker-observability/core/options";
import * as z from "zod";
import type { Variables } from "./load/location.js";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const anyText = textOption("a string", () => true);

export const loadConfigOptionsSchema = z.strictObject({
  /** The folder of the configuration. @default `TASKER_CONFIG_ROOT`, else `config/tasker` */
  root: z.optional(anyText),
  /** One complete file to read instead of a folder. @default `TASKER_CONFIG_PATH`, else none */
  path: z.optional(anyText),
  /** The environment's name. @default `TASKER_ENV`, else `common.execution.environment`, else `development` */
  environment: z.optional(anyText),
  /** Environment variables. @default `process.env` */
  env: z.optional(valueOption<Variables>("an object of environment variables", isObject, "object")),
  /** The folder that relative paths start from. @default `process.cwd()` */
  cwd: z.optional(anyText),
  /** Makes the id of a worker that has none. @default the host's name, followed by PM2's `NODE_APP_INSTANCE` */
  createWorkerId: z.optional(functionOption<() => string>("() => string")),
});
/** Options of `loadConfig`; all have a default. */
export type LoadConfigOptions = z.input<typeof loadConfigOptionsSchema>;

export const resolveConfigOptionsSchema = loadConfigOptionsSchema.pick({
  environment: true,
  env: true,
  createWorkerId: true,
});
/** Options of `resolveConfig`: those of `loadConfig` that do not concern files. */
export type ResolveConfigOptions = z.input<typeof resolveConfigOptionsSchema>;
