import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectObservability } from "../socket-client.js";
import { createSocketServer } from "../socket-server.js";
import { leaveStaleFile, socketPath } from "../testing/raw-socket.js";
import { expectAnswer, serveSocket } from "../testing/serve-socket.js";
import { statOf } from "./socket-file.js";

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

  it("is accessible only to its owner, and is removed when the server stops", async () => {
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
    await expectAnswer(path);
  });

  it("rejects the path of a running server, which continues", async () => {
    const { path } = await serveSocket();
    await expect(serveSocket({ path })).rejects.toThrow(`${path} belongs to a running process`);
    await expectAnswer(path);
  });

  it("goes to one of two servers that start at once over a stale file", async () => {
    const path = await socketPath();
    await leaveStaleFile(path);
    const outcomes = await Promise.allSettled([serveSocket({ path }), serveSocket({ path })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("never replaces a file that is not a socket", async () => {
    const path = await socketPath("precious.txt");
    writeFileSync(path, "precious");
    await expect(serveSocket({ path })).rejects.toThrow("is a file, not a socket");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it("that is another server's by now stays, and so does a file of anything else", async () => {
    const { path, server } = await serveSocket();
    unlinkSync(path);
    const second = await serveSocket({ path });
    await server.stop();
    await expectAnswer(path);
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

  it("is not created in place of a folder", async () => {
    const path = await socketPath("folder");
    mkdirSync(path);
    await expect(serveSocket({ path })).rejects.toThrow(`${path} is a folder, not a socket`);
  });

  it.each([
    ["no path", undefined, "The socket needs a path."],
    ["a number", 5, "The socket needs a path."],
    ["an empty path", "", "The socket needs a path."],
    [
      "a path with a NUL",
      "/tmp/a\0b",
      "The path of a Unix socket must not contain a NUL character.",
    ],
    [
      "a path that the system would cut off",
      `/tmp/${"x".repeat(120)}`,
      "The path of a Unix socket must have at most 107 bytes",
    ],
    [
      "a bare name that it would cut off once it is spelt as a path",
      "x".repeat(107),
      "must have at most 107 bytes; ./x",
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

  it("is not made again by a server that was stopped, or has already been started", async () => {
    const { path, server } = await serveSocket();
    await expect(server.start()).rejects.toThrow("already been started");
    await server.stop();
    const second = createSocketServer({ operations: {}, path });
    const starting = second.start();
    await second.stop();
    await starting;
    expect(existsSync(path)).toBe(false);
    await createSocketServer({ operations: {}, path }).stop();
  });
});
