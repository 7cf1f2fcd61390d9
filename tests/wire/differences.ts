import type { OperationName } from "@tasker-observability/core";
import { type Version, versions } from "./recorded.js";

/** Fields that only one side has. */
export interface FieldDifference {
  readonly operations: readonly OperationName[];
  readonly fields: readonly string[];
  /** Which side has them. */
  readonly side: "ours" | "theirs";
  /** Of Tasker's worker. @default all that are recorded */
  readonly versions?: readonly Version[];
  readonly why: string;
}

/** What else differs in an answer whose fields are the same. */
export interface AnswerDifference {
  readonly request: string;
  readonly what: "status" | "content type" | "status word";
  readonly theirs: string;
  readonly ours: string;
  readonly why: string;
}

const cached = ["total_entries", "hits", "misses", "evictions", "last_maintenance"];
const changes = ["templates_cache_clear", "templates_cache_maintain", "template_refresh"] as const;
const rubyHasThem = "the structs of Tasker's Ruby API have them";

/** Every field by which the recorded answers differ from ours. docs/differences.md shows this list. */
export const fieldDifferences: readonly FieldDifference[] = [
  {
    operations: ["health_live"],
    fields: ["reason"],
    side: "ours",
    why: "names the fault that only a restart cures",
  },
  {
    operations: ["health_ready", "health_detailed"],
    fields: ["checks.*.criticality", "checks.*.cached"],
    side: "ours",
    why: "say whether the check alone can make the worker unready, and whether it ran for this answer",
  },
  {
    operations: ["health_ready", "health_detailed"],
    fields: ["system_info.observability_version"],
    side: "ours",
    why: "`version` is the application's, so that this software's own needs a field",
  },
  {
    operations: ["health_ready", "health_detailed"],
    fields: ["system_info.pool_utilization"],
    side: "ours",
    versions: ["tas77"],
    why: "Tasker's current worker has it; both of its pools are the one pool that this worker has",
  },
  {
    operations: ["health_detailed"],
    fields: ["distributed_cache"],
    side: "theirs",
    versions: ["current"],
    why: "there is no distributed cache here; clients may do without the field",
  },
  {
    operations: ["metrics_worker"],
    fields: ["metrics.*.name", "omitted"],
    side: "ours",
    why: "an entry's key contains its labels, and values that JSON cannot represent are counted",
  },
  {
    operations: ["templates_list"],
    fields: ["templates", "next_offset"],
    side: "ours",
    why: "the templates are listed, page by page",
  },
  {
    operations: ["templates_list", ...changes],
    fields: cached.map((field) => `cache_stats.${field}`),
    side: "ours",
    why: rubyHasThem,
  },
  { operations: ["templates_cache_stats"], fields: cached, side: "ours", why: rubyHasThem },
  {
    operations: changes,
    fields: ["message", "timestamp"],
    side: "ours",
    why: rubyHasThem,
  },
  {
    operations: ["template_get"],
    fields: ["template.template.metadata.tags"],
    side: "theirs",
    why: "the notes of a template's authors are returned as written",
  },
  {
    operations: ["template_get"],
    fields: ["method", "resolver"].map((field) => `template.template.steps[].handler.${field}`),
    side: "ours",
    versions: ["tas77"],
    why: "Tasker's current worker has them",
  },
  {
    operations: ["template_validate"],
    fields: ["namespace", "name", "version", "handler_count", "issues"],
    side: "ours",
    why: rubyHasThem,
  },
  {
    operations: ["template_validate"],
    fields: ["findings", "handler_metadata"],
    side: "ours",
    why: "say where each problem is, and what the worker knows about the template",
  },
  {
    operations: ["config_runtime"],
    fields: ["environment", "common", "worker", "metadata.source", "metadata.redacted_fields"],
    side: "ours",
    versions: ["current"],
    why: "as in TAS-77, the answer is the whole configuration, secrets masked; Tasker's current worker shows a summary, which only its client expects",
  },
  {
    operations: ["config_runtime"],
    fields: [
      "worker_id",
      "worker_type",
      "auth",
      "messaging",
      "metadata.environment",
      "metadata.version",
    ],
    side: "theirs",
    versions: ["current"],
    why: "the same",
  },
];

/** What else differs. docs/differences.md shows this list too. */
export const answerDifferences: readonly AnswerDifference[] = [
  {
    request: "GET /health/ready",
    what: "status word",
    theirs: "ready",
    ours: "healthy",
    why: "Tasker's own `ready?` compares with `healthy`, so it could never be true",
  },
  {
    request: "GET /metrics",
    what: "content type",
    theirs: "text/html; charset=utf-8",
    ours: "text/plain; version=0.0.4; charset=utf-8",
    why: "Prometheus 3 rejects anything else",
  },
  {
    request: "POST /templates/orders/missing/1.0.0/refresh",
    what: "status",
    theirs: "500",
    ours: "404",
    why: "the template is missing, but the worker is fine; the body is that of a refresh",
  },
];

/** Every field by which one recorded version differs. */
export function differencesOf(
  version: Version,
): readonly { readonly operation: string; readonly side: string; readonly field: string }[] {
  return fieldDifferences
    .filter(({ versions: only = versions }) => only.includes(version))
    .flatMap(({ operations, fields, side }) =>
      operations.flatMap((operation) => fields.map((field) => ({ operation, side, field }))),
    );
}
