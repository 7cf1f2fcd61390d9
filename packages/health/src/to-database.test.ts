import { describe, expect, it } from "vitest";
import pg from "pg";
import postgres from "postgres";
import { toDatabase } from "./to-database.js";

describe("toDatabase", () => {
  it("takes a pg pool", () => {
    const pool = new pg.Pool({ max: 7 });
    expect(toDatabase(pool).pool()).toEqual({ size: 0, idle: 0, waiting: 0, max: 7 });
  });

  it("takes postgres.js' sql", () => {
    expect(toDatabase(postgres("postgres://localhost:1/none")).pool()).toBeNull();
  });

  it("takes a port as it is", () => {
    const port = { ping: async () => undefined, pool: () => null };
    expect(toDatabase(port)).toBe(port);
  });

  it("refuses anything else, and says what would do", () => {
    expect(() => toDatabase({ connect: () => undefined } as never)).toThrow("pass one of these");
  });
});
