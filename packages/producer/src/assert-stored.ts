/** A trigger or rule of a queue let a statement succeed without writing all its rows. Nothing is committed. */
export class NotStoredError extends Error {
  /** PostgreSQL's SQLSTATE for what a trigger does. */
  readonly code = "09000";

  constructor(what: string) {
    super(
      `${what} were not stored, and PostgreSQL reported no error: look for a trigger that returns NULL on the tables of the queue.`,
    );
    this.name = "NotStoredError";
  }
}

/**
 * @param rows - the answer to a statement that counts what it stored (`are_stored`). Null, and any other shape, is ignored.
 * @throws NotStoredError if a trigger kept a row out.
 */
export function assertStored(rows: readonly unknown[] | null, what: string): void {
  const first = rows?.[0];
  if (
    typeof first === "object" &&
    first !== null &&
    "are_stored" in first &&
    first.are_stored === false
  )
    throw new NotStoredError(what);
}
