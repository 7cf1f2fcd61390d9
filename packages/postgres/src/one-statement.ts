import type { PostgresSqlLike } from "./postgres-like.js";
import type { SqlClient, SqlRow } from "./sql-client.js";

/** A client that runs a statement with `query`: a `pg` Pool or Client, PGlite, a QueryRunner of TypeORM. */
export interface QueryLike {
  /** Runs one statement, with `values` bound to `$1` and so on. */
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** The parts of postgres.js' `sql` that one statement needs: the `sql` of a pool, or the one of `sql.begin`. */
export type UnsafeLike = Pick<PostgresSqlLike, "unsafe">;

/** What can run one statement. */
export type StatementClient = QueryLike | UnsafeLike | SqlClient;

/** Recognizes by its structure what can run a statement. */
export function isStatementClient(value: unknown): value is StatementClient {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return ["query", "unsafe", "withConnection"].some(
    (name) => typeof Reflect.get(value, name) === "function",
  );
}

/**
 * Runs one statement in one round trip, on a connection of the client's choice.
 *
 * @returns its rows; null if the client does not give any.
 * @throws the driver's error.
 */
export async function runStatement(
  client: StatementClient,
  { text, values }: { readonly text: string; readonly values: readonly string[] },
): Promise<readonly SqlRow[] | null> {
  if ("unsafe" in client)
    // Unprepared, postgres.js asks for the types of the values first.
    return toRows(await client.unsafe(text, [...values], { prepare: true }));
  if ("withConnection" in client)
    return client.withConnection((connection) => connection.query({ text, values }), {
      signal: new AbortController().signal,
    });
  return toRows(await client.query(text, [...values]));
}

function toRows(answer: unknown): readonly SqlRow[] | null {
  const rows: unknown =
    typeof answer === "object" && answer !== null && "rows" in answer ? answer.rows : answer;
  return Array.isArray(rows) ? (rows as readonly SqlRow[]) : null;
}
