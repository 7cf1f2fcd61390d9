import { createRedactor, type Redactor, secretsIn } from "@tasker-observability/core/redact";
import type { Settings } from "./schema/settings-schema.js";
import { fieldTable } from "./schema/field-table.js";
import type { Tree } from "./tree.js";

/** The whole configuration as it may be shown: defaults and keys without effect included. */
export interface RedactedConfig {
  readonly common: Readonly<Record<string, unknown>>;
  readonly worker: Readonly<Record<string, unknown>>;
  /** Full paths, sorted, of what was taken out. */
  readonly redacted_fields: readonly string[];
}

type Sections = Pick<RedactedConfig, "common" | "worker">;

/** Redacts both sections, with the layers' secrets too. Throws ObservabilityError INTERNAL, without data, where that fails. */
export function redactTree({ common, worker }: Tree, layers: readonly Tree[], redactor: Redactor): RedactedConfig {
  const { value, redacted_fields } = redactor.redact({ common, worker, layers }, { safe: isVouchedFor });
  const shown = value as Sections;
  return Object.freeze({ common: shown.common, worker: shown.worker, redacted_fields: Object.freeze(redacted_fields.filter((path) => !layerPath.test(path))) });
}

const layerPath = /^layers\[\d+\]\./;

/** A redactor that knows this configuration's own secrets: for error messages and log lines. */
export function redactorFor(settings: Settings): Redactor {
  const { url, listen_url } = settings.common.database;
  const keys = settings.worker.web.auth.api_keys.map(({ key }) => key);
  // Of a URL its credentials: one without any is no secret.
  return createRedactor({ secrets: [...[url, listen_url].flatMap((secret) => secretsIn(secret.reveal())), ...keys.map((key) => key.reveal())] });
}

const vouchedFor = new Set(fieldTable.filter(({ safe }) => safe).flatMap(({ path }) => [path, `${path}[]`]));

function isVouchedFor(path: string): boolean {
  return vouchedFor.has(path.replace(layerPath, "").replace(/\[\d+\]/g, "[]"));
}
