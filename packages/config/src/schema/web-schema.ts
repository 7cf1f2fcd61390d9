import * as z from "zod";
import { Secret } from "../secret.js";
import {
  annotate,
  bindAddress,
  flag,
  hostList,
  milliseconds,
  secretText,
  table,
  text,
} from "./field-kinds.js";

/** What a caller with a key may do. */
const rights = z
  .array(z.enum(["read", "write"], { error: 'must be "read" or "write"' }), {
    error: 'must be a list of rights, such as ["read"]',
  })
  .min(1, { error: 'must name at least one right: ["read"], ["write"] or both' });

const keyError =
  "must be printable ASCII without spaces or line breaks, or no HTTP header can carry it";

const keyText = z
  .string({ error: "must be text" })
  .min(1, { error: "must not be empty" })
  .regex(/^[\x21-\x7e]*$/, { error: keyError });

const apiKey = z
  .object(
    {
      // Readers of a redacted configuration should see which keys exist and what they allow.
      name: z
        .string({ error: "must be text that says whose key it is" })
        .min(1, { error: "must not be empty: it says whose key it is" })
        .meta({
          description: "Whose key it is. Logs contain this name, never the key.",
          safe: true,
        }),
      key: keyText
        .transform((key) => new Secret(key))
        .meta({ description: "The key itself, of at least 16 characters if auth is enabled." }),
      rights: annotate(rights.default(["read"]), { description: "What the key allows." }).meta({
        safe: true,
      }),
      description: z
        .string({ error: "must be text that says whose key it is" })
        .optional()
        .meta({ description: "Tasker's word for `name`, used if `name` is missing.", safe: true }),
      permissions: z
        .array(z.string({ error: "must be text" }), {
          error: 'must be a list of permissions, such as ["worker:*"]',
        })
        .optional()
        .meta({
          description:
            "Tasker's form of `rights`: `worker:config_read` with `worker:templates_read` is read, `worker:*` is read and write. Others are problems.",
          safe: true,
        }),
    },
    { error: "must be a table { name, key, rights }" },
  )
  .transform(({ name, key, rights }) => ({ name, key, rights }));

/** One key that HTTP callers may present. */
export type ApiKey = z.output<typeof apiKey>;

const auth = z
  .object(
    {
      enabled: flag(false, "Whether HTTP requires an API key."),
      api_key_header: text(
        "X-API-Key",
        "The header that carries the key. `Authorization: Bearer <key>` works too.",
        /^[!#$%&'*+.^`|~\w-]+$/,
        "must be the name of an HTTP header, such as X-API-Key",
      ),
      api_keys: annotate(
        z.array(apiKey, { error: "must be a list of tables { name, key, rights }" }).default([]),
        { description: "The accepted keys." },
      ),
      api_key: secretText(
        "",
        "The older way to set one key, with both rights and the same minimum length.",
        /^[\x21-\x7e]*$/,
        keyError,
      ),
      protect_probes: flag(
        false,
        "Whether /health, /health/live, /health/ready and /metrics require a key too.",
      ),
    },
    { error: "must be a table" },
  )
  .transform(({ api_key: single, ...settings }) => ({
    ...settings,
    api_keys: [...settings.api_keys, ...legacyKeys(single)],
  }));

function legacyKeys(key: Secret): ApiKey[] {
  return key.empty ? [] : [{ name: "api_key", key, rights: ["read", "write"] }];
}

/** `[worker.web]`: the HTTP listener. */
export const webSchema = table({
  enabled: flag(true, "Whether there is an HTTP listener. Everything else works without it."),
  bind_address: bindAddress(
    "${TASKER_WEB_BIND_ADDRESS:-127.0.0.1:8081}",
    "The listener's address, as host:port. Port 0 takes a free port.",
  ),
  allowed_hosts: hostList(
    "The host names (header Host, without its port) that callers may use besides IP addresses; any other gets 403. A listener on loopback always allows localhost, loopback addresses and the host of bind_address, and other IP addresses only if they are listed.",
    "any, unless bind_address is on loopback",
  ),
  request_timeout_ms: milliseconds(
    30_000,
    "A request that takes longer is answered with 504, and its work is aborted.",
  ),
  config_endpoint_enabled: flag(true, "The older name of `worker.web.endpoints.config_enabled`."),
  endpoints: table({
    health_enabled: flag(
      true,
      "Whether HTTP offers /health, /health/live, /health/ready and /health/detailed.",
    ),
    metrics_enabled: flag(true, "Whether HTTP offers /metrics."),
    templates_enabled: flag(true, "Whether HTTP offers /templates."),
    config_enabled: flag(true, "Whether HTTP offers /config.", {
      fallback: "worker.web.config_endpoint_enabled",
    }),
    dashboard_enabled: flag(
      true,
      "Whether HTTP offers the page at /, and the index of the endpoints that programs get there. The page itself has no data: it asks the other endpoints.",
    ),
    openapi_enabled: flag(true, "Whether HTTP offers /openapi.json."),
    cache_operations_enabled: flag(
      false,
      "Whether HTTP offers the three writes: clear, maintain and refresh.",
    ),
    work_enabled: flag(
      true,
      "Whether HTTP offers /fleet, /queues, /steps/running and /dead-letters.",
    ),
    work_writes_enabled: flag(
      false,
      "Whether HTTP offers to pause and resume the worker, and to redrive and purge dead letters.",
    ),
  }),
  auth,
});
