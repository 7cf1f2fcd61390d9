import type { SqlClient, SqlConnection, SqlStatement } from "@tasker-observability/postgres";

/** A client whose connections run statements in another way. */
function wrapped(
  client: SqlClient,
  query: (connection: SqlConnection, statement: SqlStatement) => ReturnType<SqlConnection["query"]>,
): SqlClient {
  return {
    withConnection: (use, options) =>
      client.withConnection(
        (connection) => use({ query: (statement) => query(connection, statement) }),
        options,
      ),
  };
}

/** Runs `before` ahead of each statement. */
export function hooked(
  client: SqlClient,
  before: (statement: SqlStatement, connection: SqlConnection) => unknown,
): SqlClient {
  return wrapped(client, async (connection, statement) => {
    await before(statement, connection);
    return connection.query(statement);
  });
}

/** Asks another statement in the place of each for which there is one. */
export function replacing(
  client: SqlClient,
  replacementOf: (statement: SqlStatement) => string | null,
): SqlClient {
  return wrapped(client, (connection, statement) => {
    const text = replacementOf(statement);
    return connection.query(text === null ? statement : { text });
  });
}

/** Calls back for each statement that fails. */
export function failing(client: SqlClient, onFailure: (error: unknown) => unknown): SqlClient {
  return wrapped(client, (connection, statement) =>
    connection.query(statement).catch(async (error: unknown) => {
      await onFailure(error);
      throw error;
    }),
  );
}
