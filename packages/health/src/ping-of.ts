import type { Database } from "@tasker-observability/core";

type Ask = (signal: AbortSignal) => unknown;

/** A handle that can be asked for one row, by the method that it has for that. */
export type Handle =
  | { ping(signal: AbortSignal): unknown }
  | { $queryRawUnsafe(text: string): unknown }
  | { authenticate(): unknown }
  | { executeQuery(query: never): unknown; getExecutor(): unknown }
  | { raw(text: string): unknown }
  | { query(text: string): unknown };

const text = "select 1";

/** A query of Kysely's, as its `CompiledQuery.raw` makes it. */
const compiledQuery = {
  sql: text,
  parameters: [],
  query: { kind: "RawNode", sqlFragments: [text], parameters: [] },
  queryId: { queryId: "health" },
};

/** How each kind of handle is asked, by the methods that it has; the first that fits. */
const kinds: readonly {
  readonly methods: readonly string[];
  readonly args: (signal: AbortSignal) => readonly unknown[];
}[] = [
  // Anybody's own object.
  { methods: ["ping"], args: (signal) => [signal] },
  // Prisma.
  { methods: ["$queryRawUnsafe"], args: () => [text] },
  // Sequelize.
  { methods: ["authenticate"], args: () => [] },
  // Kysely.
  { methods: ["executeQuery", "getExecutor"], args: () => [compiledQuery] },
  // Knex.
  { methods: ["raw"], args: () => [text] },
  // A `pg` Client, PGlite, TypeORM, Neon.
  { methods: ["query"], args: () => [text] },
];

/** How to ask a handle whether its database answers; null where it has no method for that. */
export function pingOf(handle: unknown): Database["ping"] | null {
  if ((typeof handle !== "object" && typeof handle !== "function") || handle === null) return null;
  const kind = kinds.find(({ methods }) =>
    methods.every((name) => typeof Reflect.get(handle, name) === "function"),
  );
  const [method] = kind?.methods ?? [];
  if (kind === undefined || method === undefined) return null;
  return async (signal) => {
    signal.throwIfAborted();
    const ask = Reflect.get(handle, method) as Ask;
    await Reflect.apply(ask, handle, kind.args(signal));
  };
}
