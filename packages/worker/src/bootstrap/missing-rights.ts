import type { PoolClient } from "pg";
import { WorkerStartError } from "../start-error.js";

/** So many grants in one line. */
const mostGrants = 6;

/**
 * What the statements of a worker's life do with tables: claims read and update, archiving deletes here and inserts there,
 * and whatever is sent is read back.
 */
const grantsText = `with needed(relation, privilege) as (
  select 'q_' || name, unnest(array['select', 'update', 'delete']) from unnest($1::text[]) as steps(name)
  union all select 'a_' || name, unnest(array['select', 'insert']) from unnest($1::text[]) as steps(name)
  union all select 'q_' || name, unnest(array['select', 'insert']) from unnest($2::text[]) as plain(name))
select format('GRANT %s ON pgmq.%I TO %I', string_agg(privilege, ', '), relation, current_user) as grant
  from needed where not has_table_privilege(to_regclass('pgmq.' || relation), privilege)
 group by relation order by relation`;

/**
 * Looks whether this role may do with the queues what it will have to.
 * @throws WorkerStartError with the statements that grant what it may not.
 */
export async function refuseMissingRights(
  client: PoolClient,
  queues: { readonly plain: readonly string[]; readonly notifying: readonly string[] },
): Promise<void> {
  const { rows } = await client.query<{ grant: string }>(grantsText, [
    queues.notifying,
    queues.plain,
  ]);
  if (rows.length === 0) return;
  const grants = rows.slice(0, mostGrants).map(({ grant }) => grant);
  const more = rows.length > mostGrants ? `; and ${rows.length - mostGrants} more like these` : "";
  throw new WorkerStartError(
    `This database role lacks rights on queues that the worker needs. An administrator can run: ${grants.join("; ")}${more}.`,
  );
}
