import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import pg from "pg";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  expectTypeOf,
  it,
  vi,
} from "vitest";
import { fromPgPool, isPgPool, type PgClientLike, type PgPoolLike } from "./from-pg-pool.js";

let database: TestDatabase;
let proxy: TcpProxy;
let pool: pg.Pool;
type Tell = Parameters<PgPoolLike["connect"]>[0];
const forEver = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});
beforeEach(() => {
  pool = new pg.Pool({
    connectionString: proxy.url(database.url),
    max: 1,
    application_name: "under test",
  });
});
afterEach(async () => {
  await proxy.restore();
  if (!pool.ended) await pool.end();
});

async function sessions(condition = "true"): Promise<number> {
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where application_name = 'under test' and datname = current_database() and ${condition}`,
  );
  await admin.end();
  return rowCount ?? 0;
}

describe("fromPgPool", () => {
  it("accepts an unmodified pg Pool", () => {
    expectTypeOf<pg.Pool>().toExtend<PgPoolLike>();
    expect(isPgPool(pool)).toBe(true);
    for (const other of [null, undefined, {}, () => undefined, new pg.Client(), "pool"])
      expect(isPgPool(other)).toBe(false);
  });

  it("destroys the connection of a ping that is abandoned in a dead network", async () => {
    const database = fromPgPool(pool);
    await database.ping(forEver);
    proxy.blackhole();
    const abandoned = new AbortController();
    const ping = database.ping(abandoned.signal);
    await vi.waitFor(() => expect(pool.idleCount).toBe(0));
    expect(pool.totalCount).toBe(1);
    const reason = new Error("abandoned");
    abandoned.abort(reason);
    await expect(ping).rejects.toBe(reason);
    expect(pool.totalCount).toBe(0);
    await proxy.restore();
    await vi.waitFor(async () => expect(await sessions()).toBe(0));
    await expect(database.ping(forEver)).resolves.toBeUndefined();
    expect(database.pool()).toMatchObject({ size: 1, idle: 1, waiting: 0, max: 1 });
  });

  it("counts how callers got their connections, and those that got none", async () => {
    const database = fromPgPool(pool);
    await database.ping(forEver);
    await database.withConnection(async () => undefined, { signal: forEver });
    expect(database.pool()?.acquires).toMatchObject({ total: 2, errors: 0 });
    await pool.end();
    await expect(database.ping(forEver)).rejects.toThrow();
    expect(database.pool()?.acquires).toMatchObject({ total: 2, errors: 1 });
  });

  it("gives a connection that comes too late straight back, so that a pending ping leaves no waiting entry", async () => {
    const database = fromPgPool(pool);
    const taken = await pool.connect();
    const caller = new AbortController();
    const reason = new Error("given up");
    const pings = [database.ping(caller.signal), database.ping(caller.signal)];
    const rejected = Promise.all(pings.map((ping) => expect(ping).rejects.toBe(reason)));
    expect(database.pool()).toMatchObject({ size: 1, idle: 0, waiting: 2, max: 1 });
    caller.abort(reason);
    taken.release();
    await rejected;
    await vi.waitFor(() =>
      expect(database.pool()).toMatchObject({ size: 1, idle: 1, waiting: 0, max: 1 }),
    );
  });

  it("survives that connections are reset in the middle of a statement", async () => {
    pool.on("error", () => undefined);
    const cut = fromPgPool(pool).withConnection(
      (connection) => connection.query({ text: "select pg_sleep(5)" }),
      { signal: forEver },
    );
    const rejected = expect(cut).rejects.toBeInstanceOf(Error);
    await vi.waitFor(async () => expect(await sessions("wait_event = 'PgSleep'")).toBe(1));
    proxy.reset();
    await rejected;
    await expect(fromPgPool(pool).ping(forEver)).resolves.toBeUndefined();
  });

  it("rejects pings while the server is gone, and answers them when it is back", async () => {
    pool.on("error", () => undefined);
    const client = fromPgPool(pool);
    await client.ping(forEver);
    await proxy.cut();
    await vi.waitFor(() =>
      expect(client.ping(forEver)).rejects.toMatchObject({ code: "ECONNREFUSED" }),
    );
    await proxy.restore();
    await expect(client.ping(forEver)).resolves.toBeUndefined();
  });

  it("survives that a connection breaks while its user does something else", async () => {
    const failed = fromPgPool(pool).withConnection(
      async (connection) => {
        const [row] = await connection.query({ text: "select pg_backend_pid() as pid" });
        const admin = new pg.Client({ connectionString: database.url });
        await admin.connect();
        await admin.query("select pg_terminate_backend($1)", [row!.pid]);
        await admin.end();
        await vi.waitFor(async () => expect(await sessions()).toBe(0));
        await connection.query({ text: "select 1" });
      },
      { signal: forEver },
    );
    await expect(failed).rejects.toThrow();
    expect(pool.totalCount).toBe(0);
    await expect(fromPgPool(pool).ping(forEver)).resolves.toBeUndefined();
  });

  it("survives that the server ends a connection in the packet that makes it ready", async () => {
    const text = "SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + text.length);
    const ready = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", "latin1");
    const packet = Buffer.concat([ready, Buffer.from("E"), length, Buffer.from(text)]);
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write(packet));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const dying = new pg.Pool({ connectionString: `postgres://postgres@127.0.0.1:${port}/x` });
    const brokenIdle: unknown[] = [];
    dying.on("error", (error) => brokenIdle.push(error));
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    dying.on("acquire", (client) => {
      const emit = client.emit.bind(client) as (...event: unknown[]) => boolean;
      client.emit = (...event: unknown[]): boolean =>
        event[0] === "error" && client.listenerCount("error") === 0
          ? (hear(event[1]), true)
          : emit(...event);
    });
    await expect(fromPgPool(dying).ping(forEver)).rejects.toThrow("connection error");
    expect([unheard, brokenIdle]).toEqual([[], []]);
    await dying.end();
    server.close();
  });

  it.each([
    ["a promise alone", () => undefined],
    [
      "a promise, and calls back too",
      (client: PgClientLike, tell: Tell) => tell(undefined, client),
    ],
  ])("takes a pool that answers with %s", async (_what, alsoTell) => {
    const listeners: unknown[] = [];
    const client: PgClientLike = {
      query: () => Promise.resolve({ rows: [] }),
      release: () => undefined,
      on: (_event, listener) => listeners.push(listener),
      removeListener: (_event, listener) => listeners.splice(listeners.indexOf(listener), 1),
    };
    const connect = (tell: Tell): Promise<PgClientLike> => {
      alsoTell(client, tell);
      return Promise.resolve(client);
    };
    const wrapper = { connect, totalCount: 1, idleCount: 1, waitingCount: 0 };
    await fromPgPool(wrapper).ping(forEver);
    expect(listeners).toEqual([]);
  });

  it("leaves no listener on the pool's clients", async () => {
    const client = await pool.connect();
    const listeners = client.listenerCount("error");
    client.release();
    for (let round = 0; round < 20; round += 1) await fromPgPool(pool).ping(forEver);
    const again = await pool.connect();
    expect(again.listenerCount("error")).toBe(listeners);
    again.release();
  });

  it("never prepares when configured without statement names", async () => {
    const rows = await fromPgPool(pool, { preparedStatements: false }).withConnection(
      async (connection) => {
        await connection.query({ name: "one", text: "select 1" });
        return connection.query({ text: "select from pg_prepared_statements" });
      },
      { signal: forEver },
    );
    expect(rows).toEqual([]);
  });

  it("rejects on a pool that has ended", async () => {
    await pool.end();
    await expect(fromPgPool(pool).ping(forEver)).rejects.toThrow(
      "Cannot use a pool after calling end on the pool",
    );
  });
});
