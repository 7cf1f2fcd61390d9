/** The statements over Tasker's registry, columns by name. */
export interface RegistryStatements {
  /** $1 namespace, $2 name, $3 version. */
  readonly find: string;
  /** $1 namespace or null. */
  readonly count: string;
  /** $1 namespace or null, $2 limit or null, $3 offset. */
  readonly list: string;
  readonly namespaces: string;
}

/** @param schema - of the tables; quoted here. */
export function registryStatements(schema: string): RegistryStatements {
  const inSchema = (table: string): string => `"${schema.replaceAll('"', '""')}".${table}`;
  // `cache` is no namespace for templates: its addresses are those of the cache.
  const from = `from ${inSchema("named_tasks")} t join ${inSchema("task_namespaces")} n on n.task_namespace_uuid = t.task_namespace_uuid and n.name <> 'cache'`;
  const filter = "where ($1::text is null or n.name = $1::text)";
  return Object.freeze({
    // As text: how a client parses jsonb is the application's to change.
    find: `select t.configuration::text as configuration, floor(extract(epoch from t.created_at) * 1000)::text as created_ms ${from} where n.name = $1 and t.name = $2 and t.version = $3`,
    count: `select count(*)::text as total ${from} ${filter}`,
    list: [
      "select n.name as namespace, t.name, t.version, coalesce(t.configuration->>'description', t.description) as description, t.configuration::text as configuration,",
      "case when jsonb_typeof(t.configuration->'steps') = 'array' then jsonb_array_length(t.configuration->'steps') else 0 end as step_count",
      `${from} ${filter}`,
      'order by n.name collate "C", t.name collate "C", t.version collate "C" limit $2::bigint offset $3::bigint',
    ].join(" "),
    namespaces: `select distinct n.name collate "C" as namespace ${from} order by 1`,
  });
}
