/** The statements over Tasker's registry, columns by name. */
export interface RegistryStatements {
  /** $1 namespace, $2 name, $3 version, $4 the most bytes of a configuration: a larger one is null. The row that is used, with how many there are of it. */
  readonly find: string;
  /** $1 namespace or null. */
  readonly count: string;
  /** $1 namespace or null, $2 limit or null, $3 offset, $4 the most bytes of a configuration. */
  readonly list: string;
  readonly namespaces: string;
}

/** @param schema - of the tables; quoted here. */
export function registryStatements(schema: string): RegistryStatements {
  const inSchema = (table: string): string => `"${schema.replaceAll('"', '""')}".${table}`;
  // `cache` is no namespace for templates: its addresses are those of the cache.
  const from = `from ${inSchema("named_tasks")} t join ${inSchema("task_namespaces")} n on n.task_namespace_uuid = t.task_namespace_uuid and n.name <> 'cache'`;
  const identity = 'n.name collate "C", t.name collate "C", t.version collate "C"';
  // Of rows of one identity the oldest is used, whoever asks.
  const oldest = "t.created_at, t.named_task_uuid";
  const size = "octet_length(t.configuration::text)";
  const configuration = (most: string): string => `case when ${size} <= ${most}::bigint then t.configuration::text end as configuration, coalesce(${size} > ${most}::bigint, false) as is_too_large`;
  const filter = "where ($1::text is null or n.name = $1::text)";
  return Object.freeze({
    // As text: how a client parses jsonb is the application's to change.
    find: [
      `select ${configuration("$4")}, floor(extract(epoch from t.created_at) * 1000)::text as created_ms,`,
      "count(*) over ()::text as row_count, (count(t.configuration) over () = count(*) over () and min(t.configuration::text) over () = max(t.configuration::text) over ()) as are_same",
      `${from} where n.name = $1 and t.name = $2 and t.version = $3 order by ${oldest} limit 1`,
    ].join(" "),
    count: `select count(*)::text as total from (select distinct ${identity} ${from} ${filter}) as identities`,
    list: [
      `select distinct on (${identity}) n.name as namespace, t.name, t.version, coalesce(t.configuration->>'description', t.description) as description, ${configuration("$4")},`,
      "case when jsonb_typeof(t.configuration->'steps') = 'array' then jsonb_array_length(t.configuration->'steps') else 0 end as step_count",
      `${from} ${filter}`,
      `order by ${identity}, ${oldest} limit $2::bigint offset $3::bigint`,
    ].join(" "),
    namespaces: `select distinct n.name collate "C" as namespace ${from} order by 1`,
  });
}
