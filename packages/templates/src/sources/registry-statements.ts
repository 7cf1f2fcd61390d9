/** The statements over Tasker's registry, columns by name. */
export interface RegistryStatements {
  /** $1 namespace, $2 name, $3 version, $4 the most bytes of a configuration: a larger one is null. The row that is used, with how many there are of it. */
  readonly find: string;
  /** $1 namespace or null. The number of its templates, and the number of all rows without a complete identity. */
  readonly count: string;
  /** $1 namespace or null, $2 limit or null, $3 offset, $4 the most bytes of a configuration. */
  readonly list: string;
  readonly namespaces: string;
}

/** @param schema - of the tables; quoted here. */
export function registryStatements(schema: string): RegistryStatements {
  const inSchema = (table: string): string => `"${schema.replaceAll('"', '""')}".${table}`;
  const joined = `from ${inSchema("named_tasks")} t left join ${inSchema("task_namespaces")} n on n.task_namespace_uuid = t.task_namespace_uuid`;
  // No HTTP client can ask for a path segment that is empty, one dot or two.
  const isNamed = `(${["n.name", "t.name", "t.version"].map((part) => `${part} not in ('', '.', '..')`).join(" and ")}) is true`;
  // `cache` cannot be a namespace: its addresses are those of the cache.
  const from = `${joined} where ${isNamed} and n.name <> 'cache'`;
  const identity = 'n.name collate "C", t.name collate "C", t.version collate "C"';
  // Of rows with one identity every query uses the oldest.
  const oldest = "t.created_at, t.named_task_uuid";
  const created = "floor(extract(epoch from t.created_at) * 1000)::text as created_ms";
  const isAsked = `${from} and n.name = $1 and t.name = $2 and t.version = $3`;
  const inNamespace = "($1::text is null or n.name = $1::text)";
  return Object.freeze({
    find: [
      `select ${readColumns}, picked.created_ms, picked.row_count::text,`,
      `case when picked.row_count > 1 then (select count(t.configuration) = count(*) and count(distinct t.configuration) = 1 ${isAsked}) end as are_same`,
      `from (select t.configuration, ${created}, count(*) over () as row_count ${isAsked} order by ${oldest} limit 1) picked ${reading("$4")}`,
    ].join(" "),
    count: `select (select count(*) from (select distinct ${identity} ${from} and ${inNamespace}) as identities)::text as total, (select count(*) ${joined} where not ${isNamed})::text as nameless`,
    list: [
      `select picked.namespace, picked.name, picked.version, ${readColumns}, picked.created_ms,`,
      "coalesce(case when not limited.is_too_large and jsonb_typeof(picked.configuration->'description') = 'string' then picked.configuration->>'description' end, picked.description) as description,",
      "case when not limited.is_too_large and jsonb_typeof(picked.configuration->'steps') = 'array' then jsonb_array_length(picked.configuration->'steps') else 0 end as step_count",
      `from (select distinct on (${identity}) n.name as namespace, t.name, t.version, t.description, t.configuration, ${created} ${from} and ${inNamespace} order by ${identity}, ${oldest} limit $2::bigint offset $3::bigint) picked`,
      `${reading("$4")} order by picked.namespace collate "C", picked.name collate "C", picked.version collate "C"`,
    ].join(" "),
    namespaces: `select distinct n.name collate "C" as namespace ${from} order by 1`,
  });
}

/**
 * A byte of JSON takes at most four in storage, as the 1 in a list does. A value that takes more is too large, and
 * need not be read.
 */
const mostStoredPerByte = 5;

// As text, because an application may change how its client parses jsonb.
const readColumns =
  "case when not limited.is_too_large then stored.text end as configuration, limited.is_too_large";

/** Reads a picked configuration once: `offset 0` keeps the planner from doing it for each column. */
function reading(mostBytes: string): string {
  const isHuge = `pg_column_size(picked.configuration) > ${mostBytes}::bigint * ${mostStoredPerByte}`;
  return [
    `cross join lateral (select case when not ${isHuge} then picked.configuration::text end as text offset 0) stored`,
    `cross join lateral (select coalesce(${isHuge} or octet_length(stored.text) > ${mostBytes}::bigint, false) as is_too_large offset 0) limited`,
  ].join(" ");
}
