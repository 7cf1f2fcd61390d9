import { describe, expect, it } from "vitest";
import type { Database } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import { createDeferredDatabase } from "./deferred-database.js";

const statistics = { size: 1, idle: 1, waiting: 0, max: 10 };
const { signal } = new AbortController();

function createTestDatabase(): Database & SqlClient {
  return {
    ping: async () => undefined,
    pool: () => statistics,
    withConnection: async (use) => use({ query: async () => [{ answer: 42 }] }),
  };
}

describe("a deferred database", () => {
  it("rejects before it is opened and after it is closed, and has no pool", async () => {
    const deferred = createDeferredDatabase();
    const refuses = async (): Promise<void> => {
      await expect(deferred.ping(signal)).rejects.toMatchObject({ code: "database_not_open" });
      await expect(deferred.withConnection(async () => 1, { signal })).rejects.toMatchObject({
        code: "database_not_open",
      });
      expect(deferred.pool()).toBeNull();
    };
    await refuses();
    deferred.open(createTestDatabase());
    deferred.close();
    await refuses();
  });

  it("is the opened database in between", async () => {
    const deferred = createDeferredDatabase();
    deferred.open(createTestDatabase());
    await deferred.ping(signal);
    expect(deferred.pool()).toBe(statistics);
    expect(
      await deferred.withConnection((connection) => connection.query({ text: "select 42" }), {
        signal,
      }),
    ).toEqual([{ answer: 42 }]);
  });
});
