/** A postgres.js query. */
export type PostgresQueryLike = PromiseLike<readonly unknown[]>;

type Unsafe = (
  text: string,
  values?: (string | number | null)[],
  options?: { prepare?: boolean; simple?: boolean },
) => PostgresQueryLike;

/** A connection taken out of a postgres.js pool. */
export interface PostgresReservedLike {
  readonly unsafe: Unsafe;
  release(): void;
}

/** What is used of postgres.js' `sql`: the user's own fits as it is; the driver itself is never imported. */
export interface PostgresSqlLike {
  readonly unsafe: Unsafe;
  reserve(): Promise<PostgresReservedLike>;
  readonly options: {
    readonly max: number;
    readonly fetch_types?: boolean | undefined;
    readonly transform?:
      | { readonly column?: { readonly to?: ((column: string) => string) | undefined } | undefined }
      | undefined;
  };
}
