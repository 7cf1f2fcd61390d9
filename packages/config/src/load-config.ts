import {
  type ChosenEnvironment,
  chooseEnvironment,
  fallbackName,
  validateEnvironmentName,
} from "./load/environment.js";
import { type Location, resolveLocation, type Variables } from "./load/location.js";
import { toDocument, type TomlDocument } from "./load/parse-toml.js";
import { readBaseDocuments, readOverlayDocuments } from "./load/read-documents.js";
import { resolveDocuments } from "./load/resolve-documents.js";
import type { LoadedConfig } from "./loaded-config.js";

/** Options of {@link loadConfig}; all have a default. */
export interface LoadConfigOptions {
  /** Environment variables. @default process.env */
  readonly env?: Variables | undefined;
  /** The environment's name. @default TASKER_ENV, else `common.execution.environment`, else "development" */
  readonly environment?: string | undefined;
  /** The folder of the configuration. @default TASKER_CONFIG_ROOT, else "config/tasker" */
  readonly root?: string | undefined;
  /** One complete file instead of a folder. @default TASKER_CONFIG_PATH, else none */
  readonly path?: string | undefined;
  /** What relative paths are relative to. @default process.cwd() */
  readonly cwd?: string | undefined;
  /** Makes the id of a worker that is given none. @default worker-<uuid> */
  readonly createWorkerId?: (() => string) | undefined;
}

/**
 * Loads the configuration: base files, the environment's files over them, or one file; variables expanded,
 * defaults filled in, everything validated.
 *
 * @throws ConfigError with every problem there is, never with a value.
 * @example
 * const { settings, environment } = loadConfig();
 * settings.worker.web.bind_address; // { host: "127.0.0.1", port: 8081 }
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const variables = options.env ?? process.env;
  const location = resolveLocation({
    variables,
    root: options.root,
    path: options.path,
    cwd: options.cwd,
  });
  const base = readBaseDocuments(location);
  const environment = chooseEnvironment(base, variables, options.environment);
  const problems = validateEnvironmentName(environment);
  // An invalid name must not become part of a path.
  const overlays = problems.length === 0 ? readOverlayDocuments(location, environment.name) : [];
  return resolveDocuments([...base, ...overlays], {
    variables,
    environment,
    createWorkerId: options.createWorkerId ?? randomWorkerId,
    problems,
    notices: noticesOf(location, environment, overlays),
  });
}

/** Options of {@link resolveConfig}: those of {@link loadConfig} that are not about files. */
export type ResolveConfigOptions = Pick<
  LoadConfigOptions,
  "env" | "environment" | "createWorkerId"
>;

/**
 * Makes a configuration of an object instead of files, for an application that has its own; the same rules hold.
 *
 * @throws ConfigError with every problem there is, never with a value.
 * @example
 * const config = resolveConfig({ worker: { namespaces: ["payments"], web: { enabled: false } } });
 */
export function resolveConfig(
  sections: { readonly common?: object | undefined; readonly worker?: object | undefined },
  options: ResolveConfigOptions = {},
): LoadedConfig {
  const variables = options.env ?? process.env;
  const document = toDocument("(given)", { ...sections });
  const environment = chooseEnvironment([document], variables, options.environment);
  return resolveDocuments([document], {
    variables,
    environment,
    createWorkerId: options.createWorkerId ?? randomWorkerId,
    problems: validateEnvironmentName(environment),
    notices: [],
  });
}

/** The name of the environment where no configuration says it: TASKER_ENV, else "development". */
export function environmentName(variables: Variables = process.env): string {
  return chooseEnvironment([], variables, undefined).name;
}

function noticesOf(
  location: Location,
  environment: ChosenEnvironment,
  overlays: readonly TomlDocument[],
): string[] {
  if (location.kind === "file" || overlays.length > 0 || environment.name === fallbackName)
    return [];
  return [`environments/${environment.name} holds no files: only the base files apply`];
}

function randomWorkerId(): string {
  return `worker-${crypto.randomUUID()}`;
}
