import type {
  DeadLetterChange,
  DeadLetterChoice,
  DeadLetterStore,
} from "@tasker-observability/core";
import type { SqlClient, SqlConnection } from "@tasker-observability/postgres";
import { toArrayText } from "../queues/queue-triggers.js";
import { listNewest } from "./list-newest.js";
import { findMissingIds, findNamespaces, type DeadLetterClient } from "./read-dead-letters.js";
import { countDeadLetters, purge, redrive } from "./redrive-and-purge.js";
import { beginSql, type RunInTransaction } from "./transaction.js";

/** What the dead letters are read through, and of which namespaces. */
export interface DeadLetterStoreOptions {
  readonly client: SqlClient;
  readonly namespaces: readonly string[];
}

/** The dead letters of a worker's namespaces, as its operations list and change them. */
export function createDeadLetterStore({
  client,
  namespaces,
}: DeadLetterStoreOptions): DeadLetterStore {
  const change =
    (changeAll: typeof redrive) =>
    async (choice: DeadLetterChoice, signal: AbortSignal): Promise<DeadLetterChange> => {
      const { namespace, ids = null, code = null, limit = null } = choice;
      const filter = { namespace, ids, code, limit };
      const runInTransaction = transactionsOf(client, signal);
      const missing_ids = await runInTransaction((connection) =>
        findMissingIds(connection, filter),
      );
      if (choice.dryRun)
        return {
          count: await runInTransaction((connection) => countDeadLetters(connection, filter)),
          missing_ids,
        };
      let count = 0;
      for await (const changed of changeAll(runInTransaction, filter)) count += changed;
      return { count, missing_ids };
    };
  return Object.freeze({
    list: (query: Parameters<DeadLetterStore["list"]>[0], signal: AbortSignal) =>
      transactionsOf(
        client,
        signal,
      )(async (connection) => {
        const wanted = query.namespace === undefined ? namespaces : [query.namespace];
        // Only what has a table: one that is missing would refuse the rest.
        const existing = new Set(await findNamespaces(connection));
        return listNewest(connection, {
          ...query,
          namespaces: wanted.filter((name) => existing.has(name)),
        });
      }),
    redrive: change(redrive),
    purge: change(purge),
  });
}

/** Runs each function in a transaction of its own. */
function transactionsOf(client: SqlClient, signal: AbortSignal): RunInTransaction {
  return (use) =>
    client.withConnection(
      async (connection) => {
        await connection.query({ text: beginSql("30s") });
        const result = await use(toClient(connection));
        await connection.query({ text: "commit" });
        return result;
      },
      { signal },
    );
}

function toClient(connection: SqlConnection): DeadLetterClient {
  return {
    query: async (text, values) => ({
      rows: [
        ...(await connection.query({
          text,
          ...(values.length === 0 ? {} : { values: values.map(toSqlValue) }),
        })),
      ],
    }),
  };
}

function toSqlValue(value: unknown): string | number | null {
  if (Array.isArray(value)) return toArrayText(value as readonly string[]);
  return typeof value === "number" || typeof value === "string" ? value : null;
}
