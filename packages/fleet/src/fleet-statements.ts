/** Seconds without a report after which a worker is lost: three reports. */
export const lostAfterSeconds = 30;

/**
 * Reports change every few seconds: half of each page stays free for the new version of a row, so that an update touches no index (it
 * has what never changes), and leaves nothing to vacuum. The table is not logged: workers fill it again within seconds.
 */
export const createFleetSql = `create schema if not exists tasker_observability;
create unlogged table if not exists tasker_observability.fleet (
  instance_id text collate "C" primary key,
  worker_id text collate "C" not null,
  namespaces text[] not null,
  state text not null,
  report jsonb not null,
  started_at timestamptz not null,
  reported_at timestamptz not null
) with (fillfactor = 50)`;

export const hasFleetSql =
  "select to_regclass('tasker_observability.fleet') is not null as has_fleet";

/** `$6`: milliseconds since the worker started. */
export const reportSql = `insert into tasker_observability.fleet as fleet (instance_id, worker_id, namespaces, state, report, started_at, reported_at)
values ($1::text, $2::text, array(select json_array_elements_text($3::text::json)), $4::text, $5::text::jsonb,
        clock_timestamp() - $6::float8 * interval '1 millisecond', clock_timestamp())
on conflict (instance_id) do update set state = excluded.state, report = excluded.report, reported_at = excluded.reported_at`;

export const removeSql = "delete from tasker_observability.fleet where instance_id = $1::text";

/** Workers that were killed leave their rows. */
export const forgetSql =
  "delete from tasker_observability.fleet where reported_at < clock_timestamp() - interval '1 day'";

/** One row: the counts of all, and the page of those in state `$1` that serve namespace `$2`, where given. */
export const listSql = `with all_workers as materialized (
  select instance_id, worker_id, namespaces,
         case when reported_at < clock_timestamp() - interval '${lostAfterSeconds} seconds' then 'lost' else state end as state
    from tasker_observability.fleet where reported_at > clock_timestamp() - interval '1 day'),
matching as materialized (
  select instance_id, worker_id, state from all_workers
   where ($1::text is null or state = $1::text) and ($2::text is null or $2::text = any (namespaces))),
page as (
  select * from matching order by worker_id, instance_id limit $3::int offset $4::int)
select (select json_object_agg(state, workers) from (select state, count(*) as workers from all_workers group by state) as counted)::text as counts,
       (select count(*) from matching)::int as total,
       (select json_agg(worker_id) from (
          select worker_id from all_workers where state <> 'lost' group by worker_id having count(*) > 1 order by worker_id limit 100) as twice)::text as duplicates,
       (select json_agg(json_build_object('instance_id', page.instance_id, 'worker_id', page.worker_id, 'namespaces', fleet.namespaces,
                 'state', page.state, 'report', fleet.report, 'started_ms', extract(epoch from fleet.started_at) * 1000,
                 'reported_ms', extract(epoch from fleet.reported_at) * 1000, 'age_seconds', extract(epoch from clock_timestamp() - fleet.reported_at))
               order by page.worker_id, page.instance_id)
          from page join tasker_observability.fleet as fleet using (instance_id))::text as workers`;
