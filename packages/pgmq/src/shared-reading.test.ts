import { fromPgPool, type SqlClient } from "@tasker-observability/postgres";
import { createFakeClock, createTestDatabase, startTcpProxy } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { named, states, useQueueHarness } from "./testing/queue-harness.js";
import { queueNameOf } from "./index.js";
import { createPgmqQueues } from "./pgmq-queues.js";

const harness = useQueueHarness();
const { openPool, create, read, cleanUp } = harness;
const forEver = new AbortController().signal;

describe("createPgmqQueues", () => {
  it("names the queue of a namespace as Tasker does", () => {
    expect(queueNameOf("orders")).toBe("orders_queue");
  });

  it("asks the database nothing where there are no queues", async () => {
    const client: SqlClient = { withConnection: () => expect.unreachable() };
    await expect(
      createPgmqQueues({ client, queues: () => [] }).statistics(forEver),
    ).resolves.toEqual([]);
  });

  it("gives frozen statistics", async () => {
    await create("here");
    const statistics = await read(named("here", "gone"));
    expect(Object.isFrozen(statistics)).toBe(true);
    for (const queue of statistics) expect(Object.isFrozen(queue)).toBe(true);
  });

  it("shares one reading between all who ask, for its time-to-live", async () => {
    await create("here");
    const clock = createFakeClock();
    const asked = vi.fn(() => named("here"));
    const reader = createPgmqQueues({ client: fromPgPool(openPool()), queues: asked, clock });
    const [first, second] = await Promise.all([
      reader.statistics(forEver),
      reader.statistics(forEver),
    ]);
    expect(second).toBe(first);
    await clock.advance(999);
    expect(await reader.statistics(forEver)).toBe(first);
    expect(asked).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(await reader.statistics(forEver)).not.toBe(first);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("rejects a caller who gives up with their reason, and goes on for the others", async () => {
    await create("here");
    const caller = new AbortController();
    const reader = createPgmqQueues({
      client: fromPgPool(openPool()),
      queues: () => named("here"),
    });
    const [given, kept] = [reader.statistics(caller.signal), reader.statistics(forEver)];
    const reason = new Error("given up");
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    await expect(kept).resolves.toMatchObject([{ state: "readable" }]);
    await expect(reader.statistics(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("rejects with the database's own error where it cannot be asked at all", async () => {
    const elsewhere = new URL(harness.url());
    elsewhere.port = "1";
    await expect(
      read(named("here"), { client: fromPgPool(openPool(elsewhere.href)) }),
    ).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("gives a dead network up at its time-out, destroys the connection, and reads again when the network is back", async () => {
    await create("here");
    const proxy = await startTcpProxy(harness.url());
    cleanUp(() => proxy.close());
    const pool = openPool(proxy.url(harness.url()));
    const clock = createFakeClock();
    const reader = createPgmqQueues({
      client: fromPgPool(pool),
      queues: () => named("here"),
      clock,
    });
    await reader.statistics(forEver);
    await clock.advance(1_000);
    proxy.blackhole();
    const lost = reader.statistics(forEver);
    const rejected = expect(lost).rejects.toThrow("The queues were not read in time.");
    await vi.waitFor(() => expect(pool.idleCount).toBe(0));
    await clock.advance(5_000);
    await rejected;
    expect(pool.totalCount).toBe(0);
    await proxy.restore();
    await clock.advance(1_000);
    await expect(reader.statistics(forEver)).resolves.toMatchObject([{ state: "readable" }]);
  });

  it("once closed gives up what it reads, and rejects", async () => {
    const reader = createPgmqQueues({
      client: { withConnection: () => new Promise(() => undefined) },
      queues: () => named("here"),
    });
    const asked = expect(reader.statistics(forEver)).rejects.toThrow("closed");
    reader.close();
    reader.close();
    await asked;
    await expect(reader.statistics(forEver)).rejects.toThrow("closed");
  });

  it("finds nothing in a database without PGMQ", async () => {
    const empty = await createTestDatabase();
    cleanUp(() => empty.drop());
    expect(
      states(await read(named("orders"), { client: fromPgPool(openPool(empty.url)) })),
    ).toEqual({ orders: "missing" });
  });
});
