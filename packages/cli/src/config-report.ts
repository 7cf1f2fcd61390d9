import {
  type ConfigError,
  type ConfigProblem,
  type ConfigValue,
  configValues,
  type LoadedConfig,
  type UnknownKey,
} from "@tasker-observability/config";

/** What `config show --json` prints. Secrets are masked. */
export interface ConfigReport {
  readonly environment: string;
  /** Sorted by path. */
  readonly values: readonly ConfigValue[];
  /** Paths of what was masked, sorted. */
  readonly redacted_fields: readonly string[];
}

/** What `config check --json` prints, whether the configuration is valid or not. */
export interface ConfigCheck {
  readonly valid: boolean;
  /** Null if the configuration is not valid. */
  readonly environment: string | null;
  /** Everything that is wrong; a valid configuration has none. */
  readonly problems: readonly ConfigProblem[];
  /** What is valid but may not be intended. This list and the next two are empty if the configuration is not valid. */
  readonly notices: readonly string[];
  /** Keys without effect that Tasker does not have either. */
  readonly unknown_keys: readonly UnknownKey[];
  /** All keys without effect, sorted. */
  readonly unused_keys: readonly string[];
}

export function toConfigReport(config: LoadedConfig): ConfigReport {
  return {
    environment: config.environment,
    values: configValues(config),
    redacted_fields: config.redacted().redacted_fields,
  };
}

export function toConfigCheck({
  environment,
  notices,
  unknown_keys,
  unused_keys,
}: LoadedConfig): ConfigCheck {
  return { valid: true, environment, problems: [], notices, unknown_keys, unused_keys };
}

export function toFailedCheck({ problems }: ConfigError): ConfigCheck {
  return {
    valid: false,
    environment: null,
    problems,
    notices: [],
    unknown_keys: [],
    unused_keys: [],
  };
}
