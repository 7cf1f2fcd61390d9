export { fromPostgres, isPostgresSql, type PostgresAdapterOptions } from "./from-postgres.js";
export type { PostgresQueryLike, PostgresReservedLike, PostgresSqlLike } from "./postgres-like.js";
