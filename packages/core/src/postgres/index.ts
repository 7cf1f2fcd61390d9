export { fromPostgres, isPostgresSql, type PostgresAdapterOptions, type PostgresQueryLike, type PostgresReservedLike, type PostgresSqlLike } from "./from-postgres.js";
