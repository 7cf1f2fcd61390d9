/** One row, by column name. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One statement, with its values bound as text. */
export interface SqlStatement {
  /** SQL, with `$1` … for the values. */
  readonly text: string;
  /** Bound to `$1` … in this order. @default none */
  readonly values?: readonly (string | number | null)[] | undefined;
  /** Prepared under this name if the client prepares; a statement without values and name may contain several commands, and gives no rows then. */
  readonly name?: string | undefined;
}

/** A connection that its caller has to itself. */
export interface SqlConnection {
  /** Runs one statement. Rejects with the driver's error. */
  query(statement: SqlStatement): Promise<readonly SqlRow[]>;
}

/** The smallest view of a database client that allows transactions; `fromPgPool` and `fromPostgres` make one. */
export interface SqlClient {
  /**
   * Lends a connection for as long as `use` runs. `use` must end a transaction that it opens. If `use` rejects, the
   * connection is destroyed (pg) or reset (postgres.js). The call stays pending while the pool has no free connection.
   * @param options.signal - once aborted, the connection is destroyed (pg) or sends no further statement (postgres.js), and the call rejects.
   */
  withConnection<T>(
    use: (connection: SqlConnection) => Promise<T>,
    options: { readonly signal: AbortSignal },
  ): Promise<T>;
}
