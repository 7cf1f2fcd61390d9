import { startTcpProxy } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ask, forEver, useDatabaseClients } from "./testing/database-clients.js";

const { clients, url, query, sessions, notices } = useDatabaseClients();

describe.each(Object.entries(clients))("a client of %s", (_name, open) => {
  it("rejects a ping with the driver's own error if nothing listens, and if it may not log in", async () => {
    const elsewhere = new URL(url());
    elsewhere.port = "1";
    await expect(open(elsewhere.href).ping(forEver)).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    const unknownUser = new URL(url());
    unknownUser.username = "no_such_user";
    await expect(open(unknownUser.href).ping(forEver)).rejects.toMatchObject({
      code: expect.stringMatching(/^28/) as string,
    });
  });

  it("does not ask on behalf of a caller that has given up", async () => {
    const client = open();
    const reason = new Error("given up");
    const use = vi.fn();
    await expect(client.ping(AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(client.withConnection(use, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(use).not.toHaveBeenCalled();
    expect(await sessions()).toBe(0);
  });

  it("runs a named statement that the server has lost, and sends no names from then on", async () => {
    const client = open(url(), 1);
    const named = { name: "lost", text: "select 'here' as found" };
    await client.withConnection(
      async (connection) => {
        for (let round = 0; round < 3; round += 1) {
          expect(await connection.query(named)).toMatchObject([{ found: "here" }]);
          await connection.query({ text: "deallocate all" });
        }
      },
      { signal: forEver },
    );
  });

  it("rejects a transaction that a lost statement has spoilt with that reason, so that it can be run again", async () => {
    const client = open(url(), 1);
    const named = { name: "lost", text: "select 'here' as found" };
    const transaction = (spoil: string): Promise<unknown> =>
      client.withConnection(
        async (connection) => {
          await connection.query(named);
          await connection.query({ text: `${spoil}; begin` });
          const found = await connection.query(named);
          await connection.query({ text: "commit" });
          return found;
        },
        { signal: forEver },
      );
    await expect(transaction("deallocate all")).rejects.toMatchObject({ code: "26000" });
    await expect(transaction("deallocate all")).resolves.toMatchObject([{ found: "here" }]);
  });

  it("passes on the error of a use, and leaves nothing behind", async () => {
    const client = open(url(), 1);
    const failure = new Error("no");
    const failing = client.withConnection(
      async (connection) => {
        await connection.query({ text: "begin; create table half_done (id int)" });
        throw failure;
      },
      { signal: forEver },
    );
    await expect(failing).rejects.toBe(failure);
    expect(
      await ask(
        client,
        "select to_regclass('half_done') as found, now() = statement_timestamp() as alone",
      ),
    ).toMatchObject([{ found: null, alone: true }]);
    await vi.waitFor(async () =>
      expect(await sessions("state like 'idle in transaction%'")).toBe(0),
    );
    expect(notices).not.toHaveBeenCalled();
  });

  it("works on after a statement fails, in a transaction or not, and causes no notice", async () => {
    const client = open(url(), 1);
    await expect(ask(client, "select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(ask(client, "begin; select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    expect(await ask(client, "select 1 as up")).toMatchObject([{ up: 1 }]);
    expect(notices).not.toHaveBeenCalled();
  });

  it("sends nothing more once the caller gives up, and rejects with their reason", async () => {
    const client = open(url(), 1);
    const caller = new AbortController();
    const reason = new Error("given up");
    const call = client.withConnection(
      async (connection) => {
        await connection.query({ text: "begin; create table half_done (id int)" });
        caller.abort(reason);
        await connection.query({ text: "commit" });
      },
      { signal: caller.signal },
    );
    await expect(call).rejects.toBe(reason);
    expect(await ask(client, "select to_regclass('half_done') as found")).toMatchObject([
      { found: null },
    ]);
  });

  it("recovers after the server ends a connection in the middle of a statement", async () => {
    const client = open(url(), 1);
    const cut = ask(client, "select pg_sleep(60)");
    const rejected = expect(cut).rejects.toBeInstanceOf(Error);
    await vi.waitFor(async () => expect(await sessions("wait_event = 'PgSleep'")).toBe(1));
    await query(
      "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    await rejected;
    expect(await ask(client, "select 1 as up")).toMatchObject([{ up: 1 }]);
  });

  it("answers a ping late if the network lets it through late", async () => {
    const proxy = await startTcpProxy(url());
    onTestFinished(() => proxy.close());
    const client = open(proxy.url(url()));
    await client.ping(forEver);
    proxy.blackhole();
    const late = client.ping(forEver);
    await proxy.restore();
    await expect(late).resolves.toBeUndefined();
  });
});
