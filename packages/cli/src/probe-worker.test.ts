import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { probe, serve } from "./testing/probe.js";

describe("probe --socket and --url", () => {
  it("say yes for a healthy worker", async () => {
    const { ways } = await serve();
    for (const way of ways) {
      expect(await probe("ready", ...way)).toEqual({ exitCode: 0, output: "ready", error: "" });
      expect(await probe("live", ...way)).toEqual({ exitCode: 0, output: "alive", error: "" });
    }
  });

  it("say no, and why, for one that is unhealthy or dead", async () => {
    const { ways, worker } = await serve();
    worker.database = "unhealthy";
    worker.context.liveness.report("pool", "pool_dead");
    for (const way of ways) {
      expect(await probe("ready", ...way)).toEqual({
        exitCode: 1,
        output: "not ready (database: connection_refused)",
        error: "",
      });
      expect(await probe("live", ...way)).toEqual({
        exitCode: 1,
        output: "dead (pool_dead)",
        error: "",
      });
    }
  });

  it("say no for a worker that has not started", async () => {
    const { ways } = await serve({ lifecycle: "created" });
    for (const way of ways)
      expect(await probe("ready", ...way)).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining("not ready"),
      });
  });

  it("exit with 2 if no worker answers", async () => {
    expect(await probe("ready", "--socket", await socketPath())).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: ENOENT",
      error: "",
    });
    expect(await probe("ready", "--url", "http://127.0.0.1:1")).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("say that a path is too long for a socket, which would be cut off and not be found", async () => {
    const path = `/tmp/${"x".repeat(120)}`;
    expect(await probe("ready", "--socket", path)).toEqual({
      exitCode: 64,
      output: "",
      error: expect.stringMatching(
        /^The path of a Unix socket must have at most \d+ bytes; .* has 125\.$/,
      ),
    });
    expect(await probe("ready", "--socket", `/tmp/${"x".repeat(97)}`)).toMatchObject({
      exitCode: 2,
      output: "cannot reach the worker: ENOENT",
    });
  });

  it("give up on one that does not answer, or answers nonsense", async () => {
    const path = await socketPath();
    const replies = ["", "nonsense\n", "7\n", '{"result":7}\n', "\u001b[2J"];
    const odd = createServer(
      (socket) => void socket.once("data", () => socket.write(replies.shift() ?? "")),
    ).listen(path);
    onTestFinished(() => void odd.close());
    while (replies.length > 0)
      expect(await probe("ready", "--socket", path, "--timeout", "0.2")).toMatchObject({
        exitCode: 2,
      });
  });

  it("give up on an HTTP server that is not a worker", async () => {
    const other = createHttpServer(
      (_request, response) => void response.writeHead(404).end("no"),
    ).listen(0);
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    expect(await probe("live", "--url", `http://127.0.0.1:${port}/app`)).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: HTTP 404",
      error: "",
    });
  });
});

describe("probe --healthcheck", () => {
  it("exits 0 or 1 and nothing else, whatever is wrong, and still says what", async () => {
    const { ways } = await serve();
    for (const way of ways)
      expect(await probe("live", "--healthcheck", ...way)).toMatchObject({
        exitCode: 0,
        output: "alive",
      });
    const nobody = [
      ["live", "--socket", await socketPath(), "--healthcheck"],
      ["live", "--file", "/nonexistent", "--healthcheck"],
      ["live", "--url", "http://127.0.0.1:1", "--healthcheck"],
    ];
    for (const args of nobody)
      expect(await probe(...args)).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining("cannot reach the worker"),
      });
    for (const args of [["live", "--healthcheck"], ["--healthcheck"], ["live", "--sock", "a"]])
      expect(await probe("--healthcheck", ...args)).toMatchObject({
        exitCode: 1,
        error: expect.stringMatching(/\S/),
      });
  });
});
