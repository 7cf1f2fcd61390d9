/**
 * The table rights that a worker's statements need: a claim reads and updates, archiving deletes from one table and inserts into
 * another, and sent rows are read back. Reading the catalog needs no right. PGMQ folds table names to lower case.
 */
const tablesSql = `pgmq as (
  select oid from pg_catalog.pg_namespace where nspname = 'pgmq'),
wanted(relation, queue, privileges) as (
  select lower('q_' || name), name, array['SELECT', 'UPDATE', 'DELETE'] from json_array_elements_text($1::text::json) as steps(name)
  union all
  select lower('a_' || name), name, array['SELECT', 'INSERT'] from json_array_elements_text($1::text::json) as steps(name)
  union all
  select lower('q_' || name), name, array['SELECT', 'INSERT'] from json_array_elements_text($2::text::json) as send_only(name)
  union all
  select 'meta', null, array['SELECT']),
tables as (
  select wanted.*, c.oid
    from wanted
    left join pg_catalog.pg_class c
      on c.relname = wanted.relation::name and c.relnamespace = (select oid from pgmq) and c.relkind in ('r', 'p'))`;

/** The policies that apply to this role, for each command that it needs. An INSERT policy has its condition elsewhere. */
const policiesSql = `commands as (
  select tables.relation, tables.oid, command
    from tables, unnest(privileges) as command
   where oid is not null and row_security_active(oid)),
policies as (
  select c.relation, c.command, p.polname, p.polpermissive,
         coalesce(case when c.command = 'INSERT' then pg_get_expr(p.polwithcheck, c.oid) end, pg_get_expr(p.polqual, c.oid), 'true') as condition
    from commands c
    join pg_catalog.pg_policy p on p.polrelid = c.oid
     and p.polcmd::text in ('*', case c.command when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end)
   where 0 = any (p.polroles) or exists (select from unnest(p.polroles) as role where pg_has_role(role, 'USAGE')))`;

/**
 * The functions that a worker calls, and those that they call, by name: versions of PGMQ differ in both.
 * PGMQ's own trigger for inserts runs with the sender's rights.
 */
const callsSql = `called(oid, proname, prosrc) as (
  select oid, proname, prosrc from pg_catalog.pg_proc
   where pronamespace = (select oid from pgmq) and proname = any (array['read', 'archive', 'send', 'send_batch'])
  union
  select p.oid, p.proname, p.prosrc
    from called
    join pg_catalog.pg_proc p
      on p.pronamespace = (select oid from pgmq) and called.prosrc ~ ('pgmq[.]"?' || p.proname || '"?[[:space:]]*[(]')),
throttle as (
  select 'notify_insert_throttle' as relation, array['SELECT', 'UPDATE'] as privileges, c.oid
    from pg_catalog.pg_class c
   where c.relname = 'notify_insert_throttle' and c.relnamespace = (select oid from pgmq)
     and exists (select from tables
                   join pg_catalog.pg_trigger t on t.tgrelid = tables.oid
                   join pg_catalog.pg_proc p on p.oid = t.tgfoid
                  where 'INSERT' = any (tables.privileges) and not p.prosecdef
                    and p.proname = 'notify_queue_listeners' and p.pronamespace = (select oid from pgmq))),
sequences as (
  select distinct s.relname
    from tables
    join pg_catalog.pg_attrdef d on d.adrelid = tables.oid
    join pg_catalog.pg_depend n
      on n.classid = 'pg_catalog.pg_attrdef'::regclass and n.objid = d.oid and n.refclassid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_class s on s.oid = n.refobjid
   where 'INSERT' = any (tables.privileges)
     and case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'USAGE') end)`;

/**
 * Reads the `statement`s, in the order to run them, that give the role what it lacks: missing queues, grants, and
 * policies if row level security denies it every row.
 */
export const missingRightsSql = `with recursive ${tablesSql},
${policiesSql},
${callsSql},
lacking as (
  select relation, string_agg(privilege, ', ' order by privilege) as privileges
    from (select relation, privileges, oid from tables union all select * from throttle) as needed, unnest(privileges) as privilege
   where oid is null or not has_table_privilege(oid, privilege)
   group by relation),
statements(place, statement) as (
  select distinct 1, format('select pgmq.create(%L)', queue) from tables where oid is null and queue is not null
  union all
  select 2, format('GRANT USAGE ON SCHEMA pgmq TO %I', current_user) from pgmq where not has_schema_privilege(oid, 'USAGE')
  union all
  select 3, format('GRANT %s ON %s TO %I', privileges, string_agg(format('pgmq.%I', relation), ', ' order by relation), current_user)
    from lacking group by privileges
  union all
  select 4, format('GRANT USAGE ON SEQUENCE %s TO %I', string_agg(format('pgmq.%I', relname), ', ' order by relname), current_user)
    from sequences having count(*) > 0
  union all
  select 5, format('GRANT EXECUTE ON FUNCTION %s TO %I',
                   string_agg(format('pgmq.%I(%s)', p.proname, oidvectortypes(p.proargtypes)), ', ' order by p.proname, p.oid), current_user)
    from called join pg_catalog.pg_proc p using (oid)
   where not has_function_privilege(p.oid, 'EXECUTE') having count(*) > 0
  union all
  select distinct 6, format('CREATE POLICY %I ON pgmq.%I TO %I USING (true) WITH CHECK (true)', left('tasker_' || current_user, 63), relation, current_user)
    from commands
   where not exists (select from policies p
                      where p.relation = commands.relation and p.command = commands.command and p.polpermissive and p.condition <> 'false'))
select statement from statements order by place, statement`;

/** Reads each `relation` of which the role sees only some rows, and the `policies` that decide it. */
export const hidingPoliciesSql = `with ${tablesSql},
${policiesSql}
select p.relation, string_agg(distinct p.polname, ', ') as policies
  from policies p
 where p.condition <> 'true'
   and (not p.polpermissive
        or not exists (select from policies other
                        where other.relation = p.relation and other.command = p.command and other.polpermissive and other.condition = 'true'))
 group by p.relation order by p.relation`;
