import type { Field } from "../schema/field-table.js";

/** A value other than the default that the field accepts. */
export function otherValue({ path, type, default: value }: Field): unknown {
  if (path === "worker.web.bind_address") return "[::1]:0";
  if (path === "worker.notifications") return "off";
  if (path.startsWith("common.database.") && path.endsWith("url")) return "postgres://other";
  if (path === "worker.metrics.push.url") return "http://gateway:9091";
  if (path === "worker.web.auth.api_keys") return [{ name: "a", key: "k" }];
  if (path === "worker.log.level") return "warn";
  if (path === "worker.log.format") return "json";
  if (path.endsWith("_buckets_seconds")) return [0.5, 5];
  if (type === "boolean") return value !== true;
  if (type === "integer") return typeof value === "number" ? value + 1 : 7;
  if (type === "number") return 0.07;
  return type === "list" ? ["other"] : "other";
}
