import { environmentName, type LoadedConfig, Secret } from "@tasker-observability/config";
import { createRedactor, type Redactor, secretsIn } from "@tasker-observability/redact";
import { connectionSettingsOf } from "./database-option.js";
import type { WorkerSettings } from "./worker-options.js";

/** The configuration of a worker, and how to redact it. */
export type RedactedConfig = Pick<
  LoadedConfig,
  "environment" | "notices" | "redacted" | "redactor" | "unknown_keys"
>;

/** The loaded configuration, else the options themselves, secrets masked. */
export function createRedactedConfig(settings: WorkerSettings): RedactedConfig {
  if (settings.loadedConfig !== undefined) return settings.loadedConfig;
  const redactor = createRedactor({ secrets: secretsOf(settings) });
  return Object.freeze({
    environment: settings.environment ?? environmentName(),
    redactor,
    notices: [],
    unknown_keys: [],
    redacted: () => redactSettings(settings, redactor),
  });
}

/** The secrets in the options: of a URL only its credentials. */
function secretsOf({ database, listenUrl, http, metricsPush }: WorkerSettings): readonly string[] {
  const urls = [connectionSettingsOf(database)?.url, listenUrl, metricsPush?.url].filter(
    (url) => url !== undefined,
  );
  const keys = http === false ? [] : (http.auth?.keys ?? []);
  return [
    ...urls.flatMap((url) => secretsIn(url.reveal())),
    ...keys.map(({ key }) => key.reveal()),
  ];
}

/** Omits functions, pools and services. */
function redactSettings(
  settings: WorkerSettings,
  redactor: Redactor,
): ReturnType<LoadedConfig["redacted"]> {
  const { value, redacted_fields } = redactor.redact({ worker: plainValue(settings) });
  const { worker } = value as { readonly worker: Readonly<Record<string, unknown>> };
  return Object.freeze({ common: Object.freeze({}), worker, redacted_fields });
}

function plainValue(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null)
    return typeof value === "function" ? undefined : value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const entries = Object.entries(value)
    .map(([name, each]) => [name, plainValue(each)] as const)
    .filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries);
}
