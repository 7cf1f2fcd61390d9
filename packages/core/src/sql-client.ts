/** One row, by column name. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One statement, with its values bound as text. */
export interface SqlStatement {
  readonly text: string;
  readonly values?: readonly (string | number | null)[] | undefined;
  /** Prepared under this name where the client prepares; a statement without values may hold several commands. */
  readonly name?: string | undefined;
}

/** A connection that its caller has to itself. */
export interface SqlConnection {
  query(statement: SqlStatement): Promise<readonly SqlRow[]>;
}

/** The smallest view of a database client that allows transactions; `core/pg` and `core/postgres` make one. */
export interface SqlClient {
  /**
   * Lends a connection for as long as `use` runs.
   * A connection with an open transaction must be closed with commit or rollback by `use`; where `use` rejects, it is destroyed or reset.
   * @param options.signal - once aborted, the connection is destroyed (pg) or its statement cancelled (postgres.js) and the call rejects.
   */
  withConnection<T>(use: (connection: SqlConnection) => Promise<T>, options: { readonly signal: AbortSignal }): Promise<T>;
}
