/** Whether this PGMQ keeps headers beside messages, as from 1.5: the column `has_headers`. */
export const hasHeadersSql =
  "select to_regprocedure('pgmq.send_batch(text, jsonb[], jsonb[])') is not null as has_headers";
