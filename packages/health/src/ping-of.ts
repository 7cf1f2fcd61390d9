import type { Database } from "@tasker-observability/core";

type Ask = (signal: AbortSignal) => unknown;

/** A handle that can query one row, with whichever method it has. */
export type Handle =
  | { ping(signal: AbortSignal): unknown }
  | { $queryRawUnsafe(text: string): unknown }
  | { authenticate(): unknown }
  | { executeQuery(query: never): unknown; getExecutor(): unknown }
  | { raw(text: string): unknown }
  | { query(text: string): unknown };

const text = "select 1";

/** A query as Kysely's `CompiledQuery.raw` makes it. */
const compiledQuery = {
  sql: text,
  parameters: [],
  query: { kind: "RawNode", sqlFragments: [text], parameters: [] },
  queryId: { queryId: "health" },
};

/** How to ping each kind of handle, recognized by its methods. The first match counts. */
const kinds: readonly {
  readonly methods: readonly string[];
  readonly args: (signal: AbortSignal) => readonly unknown[];
}[] = [
  // Any object with `ping`.
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

/** How to ping a handle's database; null if it has no suitable method. */
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
