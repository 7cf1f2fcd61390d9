import { describe, expect, it } from "vitest";
import pg from "pg";
import postgres from "postgres";
import { validateOptions } from "@tasker-observability/core/options";
import * as z from "zod";
import { databaseOption, toDatabase } from "./to-database.js";

describe("toDatabase", () => {
  it("accepts a pg pool", () => {
    const pool = new pg.Pool({ max: 7 });
    expect(toDatabase(pool).pool()).toMatchObject({ size: 0, idle: 0, waiting: 0, max: 7 });
  });

  it("takes postgres.js' sql", () => {
    expect(toDatabase(postgres("postgres://localhost:1/none")).pool()).toBeNull();
  });

  it("passes a port on unchanged", () => {
    const port = { ping: async () => undefined, pool: () => null };
    expect(toDatabase(port)).toBe(port);
  });

  it("rejects anything else, and lists what it accepts", () => {
    const optionsSchema = z.strictObject({ database: databaseOption });
    const options = { database: { connect: () => undefined } };
    expect(validateOptions("createX", optionsSchema, options)).toEqual([
      "database must be a pg Pool, postgres.js' sql, a query builder's or ORM's handle, or { ping: async (signal) => … } around any other, not an object.",
    ]);
  });
});
