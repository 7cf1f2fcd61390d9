/** PGMQ could not be installed: the message says what to do. Whatever else the database answers is thrown as it is. */
export class PgmqInstallError extends Error {
  override readonly name = "PgmqInstallError";
}
