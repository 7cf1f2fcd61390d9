import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  createFakeClock,
  isRunning,
  waitFor,
  withClient,
  useTemporaryFolder,
} from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { startRestartingPostgres } from "./embedded-postgres.js";

const temporary = useTemporaryFolder();

async function start() {
  const clock = createFakeClock();
  const said: string[] = [];
  const server = await startRestartingPostgres({
    clock,
    onEnd: (log) => said.push(log.includes("ready to accept connections") ? "ended" : "no log"),
    onRestart: () => said.push("restarted"),
    onFailure: (_error, isLost) => said.push(isLost ? "lost" : "failed"),
  });
  onTestFinished(() => server.stop());
  const ask = <Row extends object>(text: string): Promise<Row | undefined> =>
    withClient(server.url, async (client) => (await client.query<Row>(text)).rows[0]);
  const folder = async (): Promise<string> => {
    const row = await ask<{ data_directory: string }>("show data_directory");
    return row!.data_directory;
  };
  /** Ends the server, as the system does where memory is short. */
  const kill = async (): Promise<void> => {
    const ends = said.filter((word) => word === "ended").length;
    const pid = await postmasterOf(await folder());
    process.kill(pid, "SIGKILL");
    await waitFor(() => said.filter((word) => word === "ended").length > ends, { what: "the end" });
  };
  const until = (what: string): Promise<unknown> =>
    waitFor(async () => (await clock.advance(500), said.at(-1) === what), {
      what,
      timeoutMs: 30_000,
    });
  return { clock, server, said, ask, folder, kill, until };
}

async function postmasterOf(dataDirectory: string): Promise<number> {
  return Number((await readFile(join(dataDirectory, "postmaster.pid"), "utf8")).split("\n")[0]);
}

describe("a server that is started again", () => {
  it("has its address and its data, as often as somebody kills it, and leaves nothing when it stops", async () => {
    const { server, said, ask, kill, until } = await start();
    await ask("create table kept as select 42 as n");
    await kill();
    expect(server.state()).toBe("restarting");
    await until("restarted");
    expect(server.state()).toBe("running");
    expect(await ask("select n from kept")).toEqual({ n: 42 });
    await kill();
    await until("restarted");
    expect(await ask("select n from kept")).toEqual({ n: 42 });
    expect(said).toEqual(["ended", "restarted", "ended", "restarted"]);
    await Promise.all([server.stop(), server.stop()]);
    expect(await readdir(temporary())).toEqual([]);
  });

  it("is a new one at the same address if its folder is gone", async () => {
    const { ask, folder, kill, until } = await start();
    await ask("create table lost as select 42 as n");
    const data = await folder();
    await kill();
    await rm(dirname(data), { recursive: true });
    await until("restarted");
    expect(await ask("select to_regclass('lost') as name")).toEqual({ name: null });
  });

  it("is lost after five ends in a row, and leaves nothing", async () => {
    const { server, said, kill, until } = await start();
    for (let round = 0; round < 5; round += 1) {
      await kill();
      await until("restarted");
    }
    await kill();
    await until("lost");
    expect(server.state()).toBe("lost");
    expect(said.filter((word) => word === "restarted")).toHaveLength(5);
    await server.stop();
    expect(await readdir(temporary())).toEqual([]);
  });

  it("starts to count again when it has run for a minute", async () => {
    const { clock, server, kill, until } = await start();
    for (let round = 0; round < 6; round += 1) {
      await kill();
      await until("restarted");
      await clock.advance(60_000);
    }
    expect(server.state()).toBe("running");
  });

  it("says that a start failed, and tries again", async () => {
    const { said, folder, kill, until } = await start();
    const data = await folder();
    await kill();
    await rm(join(data, "global"), { recursive: true });
    await until("failed");
    await rm(data, { recursive: true });
    await until("restarted");
    expect(said.slice(0, 2)).toEqual(["ended", "failed"]);
  });

  it("is not restarted if a stop came first", async () => {
    const { server, said, folder, kill } = await start();
    const pid = await postmasterOf(await folder());
    await kill();
    await server.stop();
    expect(said).toEqual(["ended"]);
    expect(isRunning(pid)).toBe(false);
    expect(await readdir(temporary())).toEqual([]);
  });
});
