import { parseOptions } from "@tasker-observability/core/options";
import {
  type ChosenEnvironment,
  chooseEnvironment,
  fallbackName,
  validateEnvironmentName,
} from "./load/environment.js";
import { type Location, resolveLocation, type Variables } from "./load/location.js";
import { toDocument, type TomlDocument } from "./load/parse-toml.js";
import { hasDefaultsOnly, readBaseDocuments, readOverlayDocuments } from "./load/read-documents.js";
import { resolveDocuments } from "./load/resolve-documents.js";
import {
  type LoadConfigOptions,
  loadConfigOptionsSchema,
  type ResolveConfigOptions,
  resolveConfigOptionsSchema,
} from "./load-config-options.js";
import { defaultWorkerId } from "./default-worker-id.js";
import type { LoadedConfig } from "./loaded-config.js";

/**
 * Loads the configuration from base files and the environment's files, or from one file. It expands variables, fills in
 * defaults and validates everything. Without a folder `config/tasker`, and if no other place is named, the defaults
 * apply, with the database of `DATABASE_URL`, and a notice says so.
 *
 * @throws ConfigError that lists every problem, never a value; ObservabilityError INVALID_PARAMS for wrong options.
 * @example
 * const { settings, environment } = loadConfig();
 * settings.worker.web.bind_address; // { host: "127.0.0.1", port: 8081 }
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const {
    env: variables = process.env,
    createWorkerId = () => defaultWorkerId(variables),
    ...given
  } = parseOptions("loadConfig", loadConfigOptionsSchema, options);
  const location = resolveLocation({ variables, ...given });
  const base = readBaseDocuments(location);
  const environment = chooseEnvironment(base, variables, given.environment);
  const problems = validateEnvironmentName(environment);
  // An invalid name must not become part of a path.
  const overlays = problems.length === 0 ? readOverlayDocuments(location, environment.name) : [];
  return resolveDocuments([...base, ...overlays], {
    variables,
    environment,
    createWorkerId,
    problems,
    notices: noticesOf(location, environment, overlays),
  });
}

/**
 * Makes a configuration from an object instead of files, for an application with its own configuration. The same rules
 * apply.
 *
 * @throws ConfigError that lists every problem, never a value; ObservabilityError INVALID_PARAMS for wrong options.
 * @example
 * const config = resolveConfig({ worker: { namespaces: ["payments"], web: { enabled: false } } });
 */
export function resolveConfig(
  sections: { readonly common?: object | undefined; readonly worker?: object | undefined },
  options: ResolveConfigOptions = {},
): LoadedConfig {
  const {
    env: variables = process.env,
    createWorkerId = () => defaultWorkerId(variables),
    environment: name,
  } = parseOptions("resolveConfig", resolveConfigOptionsSchema, options);
  const document = toDocument("(given)", { ...sections });
  const environment = chooseEnvironment([document], variables, name);
  return resolveDocuments([document], {
    variables,
    environment,
    createWorkerId,
    problems: validateEnvironmentName(environment),
    notices: [],
  });
}

/** The environment's name without a configuration: TASKER_ENV, else "development". */
export function environmentName(variables: Variables = process.env): string {
  return chooseEnvironment([], variables, undefined).name;
}

function noticesOf(
  location: Location,
  environment: ChosenEnvironment,
  overlays: readonly TomlDocument[],
): string[] {
  if (hasDefaultsOnly(location))
    return [
      `${location.name} does not exist: the defaults apply, with the database of DATABASE_URL`,
    ];
  if (location.kind === "file" || overlays.length > 0 || environment.name === fallbackName)
    return [];
  return [`environments/${environment.name} contains no files: only the base files apply`];
}
