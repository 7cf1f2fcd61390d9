import {
  createRedactor,
  formatPath,
  MASK,
  type Redactor,
  secretsIn,
} from "@tasker-observability/redact";
import { eachPair } from "./each-pair.js";
import type { Settings } from "./schema/settings-schema.js";
import { fieldTable } from "./schema/field-table.js";
import type { Tree } from "./tree.js";

/** The whole configuration, safe to show, including defaults and keys without effect. */
export interface RedactedConfig {
  readonly common: Readonly<Record<string, unknown>>;
  readonly worker: Readonly<Record<string, unknown>>;
  /** The full paths of masked values, sorted. */
  readonly redacted_fields: readonly string[];
}

/** A configuration that was redacted. */
export interface Redaction {
  readonly config: RedactedConfig;
  /** Collects the masked values. */
  readonly collectSecrets: () => ConfigSecrets;
}

/** A configuration's secrets, for masking them elsewhere. */
export interface ConfigSecrets {
  /** Masks all of its secrets in error messages and log lines. */
  readonly redactor: Redactor;
  /** A path as the redacted configuration has it: a key can be a secret too, by accident. */
  readonly displayPath: (path: string) => string;
}

type Sections = Pick<RedactedConfig, "common" | "worker">;

/** Redacts both sections, with the layers' secrets too. Throws ObservabilityError INTERNAL, without data, if that fails. */
export function redactTree(
  { common, worker }: Tree,
  layers: readonly Tree[],
  settings: Settings,
): Redaction {
  const given = secretsOf(settings);
  const whole = { common, worker, layers };
  const { value, redacted_fields } = createRedactor({ secrets: given }).redact(whole, {
    safe: isAllowlisted,
  });
  const shown = value as Sections;
  const config = Object.freeze({
    common: shown.common,
    worker: shown.worker,
    redacted_fields: Object.freeze(redacted_fields.filter((path) => !layerPath.test(path))),
  });
  return { config, collectSecrets: () => collectSecrets(whole, value, given) };
}

function collectSecrets(
  whole: unknown,
  redacted: unknown,
  given: readonly string[],
): ConfigSecrets {
  const { secrets, renamed } = compare(whole, redacted);
  // A password that is also an ordinary word was left visible elsewhere; masking it would mask half the log.
  const shown = JSON.stringify(redacted);
  const redactor = createRedactor({
    secrets: [...given, ...secrets].filter((secret) => !shown.includes(inJson(secret))),
  });
  // Sections of other programs are not in the redacted configuration.
  return {
    redactor,
    displayPath: (path) =>
      renamed.get(path) ?? (sectionPath.test(path) ? path : redactor.text(path)),
  };
}

const layerPath = /^layers\[\d+\]\./;
const sectionPath = /^(?:common|worker)(?![\w-])/;

/** The masked values, and the paths with a masked key. */
function compare(
  whole: unknown,
  redacted: unknown,
): { secrets: ReadonlySet<string>; renamed: ReadonlyMap<string, string> } {
  const secrets = new Set<string>();
  const renamed = new Map<string, string>();
  eachPair(whole, redacted, ({ path, displayPath, value, shown }) => {
    if (displayPath !== path) renamed.set(formatPath(path), formatPath(displayPath));
    if (typeof shown !== "string" || shown === value) return;
    // In a text that was masked in part, such as a URL, the rest is not a secret.
    for (const secret of shown === MASK ? [String(value)] : secretsIn(String(value)))
      secrets.add(secret);
  });
  return { secrets, renamed };
}

/** API keys and the credentials of URLs: a URL without credentials is not a secret. */
function secretsOf(settings: Settings): string[] {
  const { url, listen_url } = settings.common.database;
  const { push } = settings.worker.metrics;
  const keys = settings.worker.web.auth.api_keys.map(({ key }) => key);
  return [
    ...[url, listen_url, push.url].flatMap((secret) => secretsIn(secret.reveal())),
    ...keys.map((key) => key.reveal()),
  ];
}

const allowlist = new Set(
  fieldTable.filter(({ safe }) => safe).flatMap(({ path }) => [path, `${path}[]`]),
);

function isAllowlisted(path: string): boolean {
  return allowlist.has(path.replace(layerPath, "").replace(/\[\d+\]/g, "[]"));
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
