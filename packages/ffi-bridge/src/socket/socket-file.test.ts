import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import type { Logger } from "@tasker-observability/core";
import { createFakeClock, spawnNode, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { connectObservability } from "../socket-client.js";
import { createSocketServer } from "../socket-server.js";
import { openRaw, socketPath } from "../testing/raw-socket.js";
import { rpc, serveSocket } from "../testing/serve-socket.js";
import { statOf } from "./socket-file.js";

/** The file of a server that was killed. */
async function leaveStaleFile(path: string): Promise<void> {
  const child = spawnNode([
    "-e",
    `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`,
  ]);
  await child.waitForLine(/up/);
  child.kill("SIGKILL");
  await child.exited;
}

describe("a socket's file that somebody took away", () => {
  async function serveWatched() {
    const clock = createFakeClock();
    const logger = vi.fn<Logger>();
    const folder = join(dirname(await socketPath()), "run");
    mkdirSync(folder, { mode: 0o750 });
    const { path, server } = await serveSocket({ path: join(folder, "s.sock"), clock, logger });
    const answers = async (): Promise<void> => {
      const client = await openRaw(path);
      client.send(rpc(1, "health_basic"));
      expect((await client.answer(1)).result.status).toBe("healthy");
    };
    /** The next check of the file is due when the one before has ended. */
    const check = async (): Promise<void> => {
      await clock.advance(5_000);
      await waitFor(() => clock.pendingTimers() === 1, { what: "the next turn" });
    };
    const said = () => logger.mock.calls.map(([level, message]) => `${level} ${message}`);
    return { path, folder, server, clock, answers, check, said };
  }
  const madeAgain = "warn the socket's file was gone: it has been made again";
  const cannotBe =
    "error the socket's file is gone and cannot be made again: nobody reaches the worker there";

  it("is made again, for its owner alone, and the log says so once", async () => {
    const { path, server, answers, check, said } = await serveWatched();
    await check();
    expect(said()).toEqual([]);
    const before = await openRaw(path);
    unlinkSync(path);
    await check();
    await answers();
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    before.send(rpc(7, "health_basic"));
    expect((await before.answer(7)).result.status).toBe("healthy");
    await check();
    expect(said()).toEqual([madeAgain]);
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("is made again with its folder, which gets the mode that it had", async () => {
    const { folder, answers, check, said } = await serveWatched();
    rmSync(folder, { recursive: true });
    await check();
    await answers();
    expect(lstatSync(folder).mode & 0o777).toBe(0o750);
    expect(said()).toEqual([madeAgain]);
  });

  it("leaves what is in its place there, says so once, and is made again when that has gone", async () => {
    const { path, answers, check, said, server } = await serveWatched();
    unlinkSync(path);
    writeFileSync(path, "precious");
    await check();
    await check();
    expect(readFileSync(path, "utf8")).toBe("precious");
    expect(said()).toEqual([cannotBe]);
    unlinkSync(path);
    await leaveStaleFile(path);
    await check();
    await answers();
    expect(said()).toEqual([cannotBe, madeAgain]);
    unlinkSync(path);
    const other = await serveSocket({ path });
    await check();
    expect(said()).toEqual([cannotBe, madeAgain, cannotBe]);
    await server.stop();
    await answers();
    await other.server.stop();
  });

  it("is not made again where a stop is on its way", async () => {
    const { path, server, clock } = await serveWatched();
    unlinkSync(path);
    const looking = clock.advance(5_000);
    await Promise.all([server.stop(), looking]);
    expect([existsSync(path), clock.pendingTimers()]).toEqual([false, 0]);
  });
});

describe("the socket's file", () => {
  it("is checked without breaking Node's lookup of packages behind symbolic links", async () => {
    const folder = dirname(await socketPath());
    const names = ["before", "after"];
    for (const name of names) {
      mkdirSync(join(folder, "store", name), { recursive: true });
      writeFileSync(join(folder, "store", name, "index.js"), "");
      mkdirSync(join(folder, "node_modules"), { recursive: true });
      symlinkSync(join(folder, "store", name), join(folder, "node_modules", name));
    }
    const { resolve } = createRequire(join(folder, "application.js"));
    expect(resolve("before")).toBe(join(realpathSync(folder), "store", "before", "index.js"));
    const path = await socketPath();
    await serveSocket({ path });
    statOf(path);
    expect(resolve("after")).toBe(join(realpathSync(folder), "store", "after", "index.js"));
  });

  it("is for its owner alone, and goes when the server stops", async () => {
    const { path, server } = await serveSocket();
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(path).isSocket()).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(path)).toBe(false);
  });

  it("replaces the one that a killed server left behind", async () => {
    const path = await socketPath();
    await leaveStaleFile(path);
    expect(existsSync(path)).toBe(true);
    await serveSocket({ path });
    const client = await openRaw(path);
    client.send(rpc(1, "health_basic"));
    expect((await client.answer(1)).result.status).toBe("healthy");
  });

  it("rejects the path of a running server, which goes on", async () => {
    const { path } = await serveSocket();
    await expect(serveSocket({ path })).rejects.toThrow(`${path} belongs to a running process`);
    const client = await openRaw(path);
    client.send(rpc(1, "health_basic"));
    expect((await client.answer(1)).result.status).toBe("healthy");
  });

  it("goes to one of two servers that start at once over a stale file", async () => {
    const path = await socketPath();
    await leaveStaleFile(path);
    const outcomes = await Promise.allSettled([serveSocket({ path }), serveSocket({ path })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("never replaces a file that is no socket", async () => {
    const path = await socketPath("precious.txt");
    writeFileSync(path, "precious");
    await expect(serveSocket({ path })).rejects.toThrow("is a file, and no socket");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it("that is another server's by now stays, and so does a file of anything else", async () => {
    const { path, server } = await serveSocket();
    unlinkSync(path);
    const second = await serveSocket({ path });
    await server.stop();
    const client = await openRaw(path);
    client.send(rpc(1, "health_basic"));
    expect((await client.answer(1)).result.status).toBe("healthy");
    unlinkSync(path);
    writeFileSync(path, "precious");
    await second.server.stop();
    expect(readFileSync(path, "utf8")).toBe("precious");
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  it("may have a name of digits, which is no port", async () => {
    const port = createServer().listen(0);
    onTestFinished(() => void port.close());
    const path = String((port.address() as { port: number }).port);
    const { server } = await serveSocket({ path });
    expect(lstatSync(path).isSocket()).toBe(true);
    const client = connectObservability(path);
    onTestFinished(() => client.close());
    expect(await client.ready()).toBe(true);
    await expect(serveSocket({ path })).rejects.toThrow("belongs to a running process");
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("is not made where a folder is", async () => {
    const path = await socketPath("folder");
    mkdirSync(path);
    await expect(serveSocket({ path })).rejects.toThrow(`${path} is a folder, and no socket`);
  });

  it.each([
    ["no path", undefined, "The socket needs a path."],
    ["a number", 5, "The socket needs a path."],
    ["an empty path", "", "The socket needs a path."],
    ["a path with a NUL", "/tmp/a\0b", "The path of a Unix socket has no NUL character."],
    [
      "a path that the system would cut off",
      `/tmp/${"x".repeat(120)}`,
      "The path of a Unix socket has at most 107 bytes",
    ],
    [
      "a bare name that it would cut off once it is spelt as a path",
      "x".repeat(107),
      "has at most 107 bytes; ./x",
    ],
  ])("is rejected before it is made for %s", (_what, path, message) => {
    const serve = () => createSocketServer({ operations: {}, path: path as never });
    expect(serve).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("is not made in a folder that does not exist, and that is one line", async () => {
    const error = await serveSocket({ path: "/nonexistent-folder/worker.sock" }).catch(
      (reason: unknown) => reason as Error,
    );
    expect((error as Error).message).toBe(
      "The socket /nonexistent-folder/worker.sock could not be opened: its folder does not exist.",
    );
  });

  it("is not made again by a server that was stopped, or started before", async () => {
    const { path, server } = await serveSocket();
    await expect(server.start()).rejects.toThrow("started before");
    await server.stop();
    const second = createSocketServer({ operations: {}, path });
    const starting = second.start();
    await second.stop();
    await starting;
    expect(existsSync(path)).toBe(false);
    await createSocketServer({ operations: {}, path }).stop();
  });
});
