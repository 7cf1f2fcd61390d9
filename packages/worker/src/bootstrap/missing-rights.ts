import type { SqlConnection } from "@tasker-observability/core";
import { WorkerStartError } from "../start-error.js";
import type { NeededQueues } from "./prepare-queues.js";

/** So many grants in one line. */
const mostGrants = 6;

/**
 * What the statements of a worker's life do with tables: claims read and update, archiving deletes here and inserts there,
 * and whatever is sent is read back.
 */
const grantsText = `with needed(relation, privilege) as (
  select 'q_' || name, unnest(array['select', 'update', 'delete']) from json_array_elements_text($1::text::json) as steps(name)
  union all select 'a_' || name, unnest(array['select', 'insert']) from json_array_elements_text($1::text::json) as steps(name)
  union all select 'q_' || name, unnest(array['select', 'insert']) from json_array_elements_text($2::text::json) as plain(name))
select format('GRANT %s ON pgmq.%I TO %I', string_agg(privilege, ', '), relation, current_user) as grant
  from needed where not has_table_privilege(to_regclass('pgmq.' || relation), privilege)
 group by relation order by relation`;

/**
 * Looks whether this role may do with the queues what it will have to.
 * @throws WorkerStartError with the statements that grant what it may not.
 */
export async function refuseMissingRights(
  connection: SqlConnection,
  queues: NeededQueues,
): Promise<void> {
  const rows = await connection.query({
    text: grantsText,
    values: [JSON.stringify(queues.notifying), JSON.stringify(queues.plain)],
  });
  if (rows.length === 0) return;
  const grants = rows.slice(0, mostGrants).map(({ grant }) => String(grant));
  const more = rows.length > mostGrants ? `; and ${rows.length - mostGrants} more like these` : "";
  throw new WorkerStartError(
    `This database role lacks rights on queues that the worker needs. An administrator can run: ${grants.join("; ")}${more}.`,
  );
}
