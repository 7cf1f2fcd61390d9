export type { SqlAdapterOptions } from "./adapter-options.js";
export { classifyFailure, type FailureKind } from "./classify-failure.js";
export { fromPgPool, isPgPool, type PgClientLike, type PgPoolLike } from "./from-pg-pool.js";
export { fromPostgres, isPostgresSql } from "./from-postgres.js";
export {
  isStatementClient,
  type BuilderLike,
  type QueryLike,
  runStatement,
  type StatementClient,
  type UnsafeLike,
} from "./one-statement.js";
export type { PostgresQueryLike, PostgresReservedLike, PostgresSqlLike } from "./postgres-like.js";
export type { SqlClient, SqlConnection, SqlRow, SqlStatement } from "./sql-client.js";
export { isStatementNameRefused } from "./statement-names.js";
