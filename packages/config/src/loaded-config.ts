import type { Redactor } from "@tasker-observability/redact";
import type { Origins } from "./load/origins.js";
import type { UnknownKey } from "./load/unused-keys.js";
import { type RedactedConfig, redactTree } from "./redacted-config.js";
import type { Settings } from "./schema/settings-schema.js";
import type { Tree } from "./tree.js";

/** A valid, loaded configuration. Frozen; printing or serializing it shows no secret. */
export interface LoadedConfig {
  readonly environment: string;
  /** The settings that the worker uses. */
  readonly settings: Settings;
  /** The origin of each value, by path. */
  readonly origins: Origins;
  /** Keys without effect, sorted; a table without any effect is listed once. */
  readonly unused_keys: readonly string[];
  /** Those of `unused_keys` that Tasker's own files do not have either, with a hint if the key may be misspelled. */
  readonly unknown_keys: readonly UnknownKey[];
  /** What is valid, but may not be intended. */
  readonly notices: readonly string[];
  /** Masks this configuration's secrets, and everything that looks like one, in messages and data. */
  readonly redactor: Redactor;
  /**
   * The whole configuration, secrets masked. Computed once.
   *
   * @throws ObservabilityError INTERNAL, without data, if redaction fails.
   */
  redacted(): RedactedConfig;
}

/** The parts of a configuration. */
export interface LoadedConfigParts extends Pick<
  LoadedConfig,
  "environment" | "settings" | "origins" | "unused_keys" | "unknown_keys" | "notices"
> {
  /** Everything that was read, with variables and defaults. */
  readonly tree: Tree;
  /** Each file by itself: a value stays a secret after a later file replaces it. */
  readonly layers: readonly Tree[];
}

/** Keeps the tree with its secrets in a closure: only redacted data leaves this function. */
export function createLoadedConfig({ tree, layers, ...parts }: LoadedConfigParts): LoadedConfig {
  const redaction = once(() => redactTree(tree, layers, parts.settings));
  const secrets = once(() => redaction().collectSecrets());
  const origins = once(() =>
    Object.freeze(
      Object.fromEntries(
        Object.entries(parts.origins).map(([path, origin]) => [
          secrets().displayPath(path),
          origin,
        ]),
      ),
    ),
  );
  const unusedKeys = once(() => Object.freeze(parts.unused_keys.map(secrets().displayPath)));
  const unknownKeys = once(() =>
    Object.freeze(
      parts.unknown_keys.map(({ path, hint }) =>
        Object.freeze({ path: secrets().displayPath(path), hint }),
      ),
    ),
  );
  return Object.freeze({
    environment: parts.environment,
    settings: parts.settings,
    notices: parts.notices,
    get origins() {
      return origins();
    },
    get unused_keys() {
      return unusedKeys();
    },
    get unknown_keys() {
      return unknownKeys();
    },
    get redactor() {
      return secrets().redactor;
    },
    redacted: () => redaction().config,
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
