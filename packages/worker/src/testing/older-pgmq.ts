/** PGMQ as it was before 1.5, as far as a worker asks it: no headers, no notification, fewer columns. */
export const olderPgmq = `
create schema pgmq;
create table pgmq.meta (queue_name varchar unique not null, is_partitioned boolean not null, is_unlogged boolean not null, created_at timestamptz not null default now());
create type pgmq.message_record as (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb);

create function pgmq.create(queue_name text) returns void language plpgsql as $$
begin
  execute format('create table pgmq.%I (msg_id bigint primary key generated always as identity, read_ct int default 0 not null,
    enqueued_at timestamptz default now() not null, vt timestamptz not null, message jsonb)', 'q_' || queue_name);
  execute format('create table pgmq.%I (msg_id bigint primary key, read_ct int default 0 not null,
    enqueued_at timestamptz default now() not null, archived_at timestamptz default now() not null, vt timestamptz not null, message jsonb)', 'a_' || queue_name);
  execute format('create index on pgmq.%I (vt)', 'q_' || queue_name);
  insert into pgmq.meta values (queue_name, false, false);
end $$;

create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint language plpgsql as $$
begin
  return query execute format('insert into pgmq.%I (vt, message) select clock_timestamp() + $2 * interval ''1 second'', unnest($1) returning msg_id', 'q_' || queue_name) using msgs, delay;
end $$;

create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint language sql as 'select pgmq.send_batch(queue_name, array[msg], delay)';

create function pgmq.read(queue_name text, vt integer, qty integer) returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format('with chosen as (select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit $2 for update skip locked)
    update pgmq.%1$I as queue set vt = clock_timestamp() + $1 * interval ''1 second'', read_ct = read_ct + 1 from chosen where queue.msg_id = chosen.msg_id
    returning queue.msg_id, queue.read_ct, queue.enqueued_at, queue.vt, queue.message', 'q_' || queue_name) using vt, qty;
end $$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
  return query execute format('with gone as (delete from pgmq.%I where msg_id = any ($1) returning msg_id, vt, read_ct, enqueued_at, message)
    insert into pgmq.%I (msg_id, vt, read_ct, enqueued_at, message) table gone returning msg_id', 'q_' || queue_name, 'a_' || queue_name) using msg_ids;
end $$;

create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as 'select exists (select from pgmq.archive(queue_name, array[msg_id]))';
`;
