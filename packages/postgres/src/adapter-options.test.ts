import { expect, it } from "vitest";
import { fromPgPool, type PgPoolLike } from "./from-pg-pool.js";
import { fromPostgres } from "./from-postgres.js";
import type { PostgresSqlLike } from "./postgres-like.js";

it("fromPgPool lists everything that is wrong with its pool and its options", () => {
  const given = { prepareStatements: false, preparedStatements: "no" } as never;
  expect(() => fromPgPool("postgres://app:hunter2@db" as unknown as PgPoolLike, given)).toThrow(
    /^pool must be a Pool of pg, not a string\. Unknown option "prepareStatements" of fromPgPool\. Did you mean "preparedStatements"\? preparedStatements must be true or false, not a string\.$/,
  );
});

it("fromPostgres lists everything that is wrong with its sql and its options", () => {
  expect(() => fromPostgres(undefined as unknown as PostgresSqlLike, null as never)).toThrow(
    /^sql must be the sql of postgres\.js, but is missing\. fromPostgres takes an object with the options preparedStatements, not null\.$/,
  );
});
