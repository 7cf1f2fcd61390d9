/** A postgres.js query. */
export type PostgresQueryLike = PromiseLike<readonly unknown[]>;

type Unsafe = (
  text: string,
  values?: (string | number | null)[],
  options?: { prepare?: boolean; simple?: boolean },
) => PostgresQueryLike;

/** A connection taken out of a postgres.js pool. */
export interface PostgresReservedLike {
  /** Runs one text as a statement on this connection. */
  readonly unsafe: Unsafe;
  /** Gives the connection back to the pool. */
  release(): void;
}

/** The parts of postgres.js' `sql` that are used. The user's own `sql` fits; the driver itself is never imported. */
export interface PostgresSqlLike {
  /** Runs one text as a statement. */
  readonly unsafe: Unsafe;
  /** Takes a connection out of the pool; waits while none is free. */
  reserve(): Promise<PostgresReservedLike>;
  /** Its own options: the size of the pool, and how it transforms rows. */
  readonly options: {
    readonly max: number;
    readonly fetch_types?: boolean | undefined;
    readonly transform?:
      | { readonly column?: { readonly to?: ((column: string) => string) | undefined } | undefined }
      | undefined;
  };
}
