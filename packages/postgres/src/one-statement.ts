import type { PostgresSqlLike } from "./postgres-like.js";
import type { SqlClient, SqlRow } from "./sql-client.js";

/** A client that runs a statement with `query`: a `pg` Pool or Client, Neon, pg-promise, PGlite, TypeORM, or your own object. */
export interface QueryLike {
  /** Runs one statement, with `values` bound to `$1` and so on. */
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** The parts of postgres.js' `sql` that one statement needs: the `sql` of a pool, or the one of `sql.begin`. */
export type UnsafeLike = Pick<PostgresSqlLike, "unsafe">;

/** What is used of a query builder or ORM for one statement: Drizzle, Knex, Kysely, Prisma and Sequelize, or a transaction of theirs. */
export type BuilderLike =
  /** Drizzle. */
  | {
      /** Runs a statement. */
      execute(text: string): unknown;
    }
  /** Knex. */
  | {
      /** Runs a statement. */
      raw(text: string): unknown;
    }
  /** Kysely. */
  | {
      /** Runs a query that is compiled. */
      executeQuery(query: never): unknown;
      /** Tells it from others. */
      getExecutor(): unknown;
    }
  /** Prisma. */
  | {
      /** Runs a statement with its values. */
      $queryRawUnsafe(text: string, ...values: unknown[]): unknown;
    }
  /** Sequelize. */
  | {
      /** Tells it from others. */
      authenticate(): unknown;
      /** Runs a statement. */
      query(text: string): unknown;
    }
  /** A transaction of Sequelize. */
  | {
      /** Tells it from others. */
      afterCommit(use: never): unknown;
    };

/** What can run one statement. */
export type StatementClient = QueryLike | UnsafeLike | SqlClient | BuilderLike;

interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

/** How a kind of client is recognized and asked: by a method of its own, or of what it belongs to. */
interface Kind {
  /** All of these; the first is called. */
  readonly methods: readonly [string, ...string[]];
  readonly args: (statement: Statement, client: object) => readonly unknown[];
  readonly owner?: { readonly of: string; readonly method: string };
}

/** The first that fits. */
const kinds: readonly Kind[] = [
  {
    methods: ["withConnection"],
    args: (statement): Parameters<SqlClient["withConnection"]> => [
      (connection) => connection.query(statement),
      { signal: new AbortController().signal },
    ],
  },
  // Prisma.
  { methods: ["$queryRawUnsafe"], args: ({ text, values }) => [text, ...values] },
  // Sequelize, and its transactions, which only name what they belong to.
  {
    methods: ["query", "authenticate"],
    args: ({ text, values }) => [text, { bind: [...values], type: "SELECT" }],
  },
  {
    methods: ["afterCommit"],
    owner: { of: "sequelize", method: "query" },
    args: ({ text, values }, transaction) => [
      text,
      { bind: [...values], type: "SELECT", transaction },
    ],
  },
  // Kysely.
  { methods: ["executeQuery", "getExecutor"], args: (statement) => [toCompiledQuery(statement)] },
  // Knex.
  { methods: ["raw"], args: (statement) => withQuestionMarks(statement) },
  { methods: ["query"], args: ({ text, values }) => [text, [...values]] },
  // postgres.js, which asks for the types of the values first if it does not prepare.
  { methods: ["unsafe"], args: ({ text, values }) => [text, [...values], { prepare: true }] },
  // Drizzle, which takes no values besides a text.
  { methods: ["execute"], args: (statement) => [withLiterals(statement)] },
];

/** Recognizes by its structure what can run a statement. */
export function isStatementClient(value: unknown): value is StatementClient {
  return kindOf(value) !== undefined;
}

function kindOf(value: unknown): Kind | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return undefined;
  return kinds.find(({ methods }) =>
    methods.every((name) => typeof Reflect.get(value, name) === "function"),
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
  statement: Statement,
): Promise<readonly SqlRow[] | null> {
  const kind = kindOf(client);
  if (kind === undefined) throw new TypeError("This client cannot run a statement.");
  const { methods, owner, args } = kind;
  const target: unknown = owner === undefined ? client : Reflect.get(client, owner.of);
  const method: unknown = Reflect.get(Object(target), owner?.method ?? methods[0]);
  if (typeof method !== "function") throw new TypeError("This client cannot run a statement.");
  return toRows(await Reflect.apply(method, target, args(statement, client)));
}

function toRows(answer: unknown): readonly SqlRow[] | null {
  const rows: unknown =
    typeof answer === "object" && answer !== null && "rows" in answer ? answer.rows : answer;
  return Array.isArray(rows) ? (rows as readonly SqlRow[]) : null;
}

/** As Kysely's `CompiledQuery.raw` makes it. */
function toCompiledQuery({ text, values }: Statement): object {
  return {
    sql: text,
    parameters: values,
    query: { kind: "RawNode", sqlFragments: [text], parameters: [] },
    queryId: { queryId: text },
  };
}

const placeholder = /\$(\d+)/g;

function withQuestionMarks({ text, values }: Statement): readonly [string, readonly unknown[]] {
  const bound: unknown[] = [];
  const asked = text.replace(placeholder, (_, number: string) => {
    bound.push(values[Number(number) - 1]);
    return "?";
  });
  return [asked, bound];
}

/** Escaped so that they mean the same under any `standard_conforming_strings`. */
function withLiterals({ text, values }: Statement): string {
  const literals = values.map((value) => `E'${value.replace(/[\\']/g, "$&$&")}'`);
  return text.replace(placeholder, (_, number: string) => literals[Number(number) - 1] ?? "null");
}
