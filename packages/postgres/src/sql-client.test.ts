import { describe, expect, it } from "vitest";
import { forEver, useDatabaseClients } from "./testing/database-clients.js";

const { clients, url } = useDatabaseClients();

describe.each(Object.entries(clients))("a database asked through %s", (name, open) => {
  it("answers a ping", async () => {
    await expect(open().ping(forEver)).resolves.toBeUndefined();
  });

  it("gives rows by column name, and binds values as text", async () => {
    const rows = await open().withConnection(
      (connection) =>
        connection.query({
          text: `select $1::text as a_text, $2::int + 1 as a_number, $3::text as nothing`,
          values: ["it's", 41, null],
        }),
      { signal: forEver },
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { a_text: "it's", a_number: 42, nothing: null },
    ]);
  });

  it("lends one connection for a whole use, and takes it back", async () => {
    const client = open(url(), 1);
    const pids = await Promise.all(
      [1, 2, 3].map(() =>
        client.withConnection(
          async (connection) => {
            const [first] = await connection.query({ text: "select pg_backend_pid() as pid" });
            const [second] = await connection.query({ text: "select pg_backend_pid() as pid" });
            expect(second!.pid).toBe(first!.pid);
            return first!.pid;
          },
          { signal: forEver },
        ),
      ),
    );
    expect(new Set(pids).size).toBe(1);
  });

  it("runs several commands in one text, without rows", async () => {
    const rows = await open().withConnection(
      async (connection) => {
        expect(
          await connection.query({ text: "begin read only; set local lock_timeout = 123" }),
        ).toEqual([]);
        const shown = await connection.query({ text: "show lock_timeout" });
        expect(await connection.query({ text: "select 1; select 2; commit" })).toEqual([]);
        return shown;
      },
      { signal: forEver },
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([{ lock_timeout: "123ms" }]);
  });

  it("prepares a named statement once a connection, with values and without, and an unnamed one never", async () => {
    const prepared = await open(url(), 1).withConnection(
      async (connection) => {
        for (let round = 0; round < 3; round += 1) {
          await connection.query({ name: "one", text: "select $1::text as one", values: ["a"] });
          await connection.query({ name: "two", text: "select 2 as two" });
          await connection.query({ text: "select $1::text as three", values: ["a"] });
        }
        return connection.query({
          text: "select statement from pg_prepared_statements where statement ~ 'as (one|two|three)' order by 1",
        });
      },
      { signal: forEver },
    );
    expect(prepared.map(({ statement }) => statement)).toEqual([
      "select $1::text as one",
      "select 2 as two",
    ]);
  });

  it(`reports the state of its pool: ${name === "pg" ? "size, idle, waiting and max" : "nothing"}`, async () => {
    const client = open();
    await client.ping(forEver);
    const numbers = { size: 1, idle: 1, waiting: 0, max: 2, acquires: expect.any(Object) };
    expect(client.pool()).toEqual(name === "pg" ? numbers : null);
  });
});
