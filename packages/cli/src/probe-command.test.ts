import { execFileSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createServer } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createObservabilityListener } from "@tasker-observability/http-express";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createSocketServer } from "@tasker-observability/ffi-bridge";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import {
  createSampleWorker,
  type SampleOptions,
} from "../../ffi-bridge/src/testing/sample-worker.js";
import { runCommand } from "./run-command.js";

async function serve(options?: SampleOptions) {
  const worker = createSampleWorker(options);
  const path = await socketPath();
  const server = createSocketServer({ operations: worker.observability.operations, path });
  const listener = createObservabilityListener(worker.observability.operations);
  onTestFinished(async () => {
    await Promise.all([server.stop(), listener.close()]);
  });
  await server.start();
  const { url } = await listener.listen({ port: 0 });
  return {
    worker,
    ways: [
      ["--socket", path],
      ["--url", url],
    ] as const,
  };
}

const probe = (...args: readonly string[]) => runCommand(["probe", ...args]);

describe("probe --socket and --url", () => {
  it("say yes for a worker that is well", async () => {
    const { ways } = await serve();
    for (const way of ways) {
      expect(await probe("ready", ...way)).toEqual({ exitCode: 0, output: "ready", error: "" });
      expect(await probe("live", ...way)).toEqual({ exitCode: 0, output: "alive", error: "" });
    }
  });

  it("say no, and why, for one that is sick or dead", async () => {
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

  it("tell nobody there from no", async () => {
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
        /^The path of a Unix socket has at most \d+ bytes; .* has 125\.$/,
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

  it("give up on an HTTP server that is something else", async () => {
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

describe("probe --url with an API key", () => {
  const key = "0123456789abcdef";

  async function serveProtected(header?: string) {
    const { observability } = createSampleWorker();
    const listener = createObservabilityListener(observability.operations, {
      auth: { header, keys: [{ name: "probe", key, rights: ["read"] }], protectProbes: true },
    });
    onTestFinished(() => listener.close());
    return (await listener.listen({ port: 0 })).url;
  }

  async function keyFile(content: string) {
    const path = await socketPath("key");
    writeFileSync(path, content);
    return path;
  }

  function keyInEnv(value: string) {
    vi.stubEnv("PROBE_KEY", value);
    onTestFinished(() => void vi.unstubAllEnvs());
    return "PROBE_KEY";
  }

  it("reads it from a file or a variable, never from the command line", async () => {
    const url = await serveProtected();
    const file = await keyFile(`${key}\n`);
    for (const source of [
      ["--api-key-file", file],
      ["--api-key-env", keyInEnv(key)],
    ])
      expect(await probe("ready", "--url", url, ...source)).toMatchObject({
        exitCode: 0,
        output: "ready",
      });
    const refused = await probe("ready", "--url", url, "--api-key", key);
    expect(refused).toMatchObject({
      exitCode: 64,
      error: expect.stringContaining("--api-key-file"),
    });
    expect(JSON.stringify(refused)).not.toContain(key);
  });

  it("puts it into the header that the worker reads", async () => {
    const url = await serveProtected("X-Probe-Key");
    const source = ["--api-key-file", await keyFile(key)];
    expect(await probe("live", "--url", url, ...source)).toMatchObject({ exitCode: 2 });
    expect(
      await probe("live", "--url", url, ...source, "--api-key-header", "X-Probe-Key"),
    ).toMatchObject({ exitCode: 0 });
  });

  it("says that the worker asks for one, or does not accept this one: it is not out of reach", async () => {
    const url = await serveProtected();
    expect(await probe("ready", "--url", url)).toEqual({
      exitCode: 2,
      output:
        "cannot tell: the worker asks for an API key (HTTP 401): give one by --api-key-env NAME or --api-key-file PATH",
      error: "",
    });
    expect(
      await probe("ready", "--url", url, "--api-key-file", await keyFile("fedcba9876543210")),
    ).toEqual({
      exitCode: 2,
      output: "cannot tell: the worker does not accept this API key (HTTP 401)",
      error: "",
    });
  });

  it.each([
    ["", "there is no API key in it"],
    ["two lines\nof text", "one line of printable ASCII"],
    ["x".repeat(70_000), "it is no file of an API key"],
  ])("refuses a file that holds no key", async (content, problem) => {
    const file = await keyFile(content);
    expect(await probe("ready", "--url", "http://127.0.0.1:1", "--api-key-file", file)).toEqual({
      exitCode: 64,
      output: "",
      error: expect.stringContaining(problem),
    });
  });

  it("refuses a file or a variable that is not there", async () => {
    for (const source of [
      ["--api-key-file", "/nonexistent"],
      ["--api-key-file", tmpdir()],
      ["--api-key-env", keyInEnv("")],
      ["--api-key-env", "NO_SUCH_VARIABLE_OF_A_KEY"],
    ])
      expect(await probe("ready", "--url", "http://127.0.0.1:1", ...source)).toMatchObject({
        exitCode: 64,
        error: expect.stringContaining(source[0]!),
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

describe("probe --file", () => {
  async function heartbeat(content: string, ageSeconds: number) {
    const path = await socketPath("heartbeat");
    writeFileSync(path, content);
    const then = Date.now() / 1_000 - ageSeconds;
    utimesSync(path, then, then);
    return path;
  }

  it("goes by the file's age, and by what it says of readiness", async () => {
    const ready = await heartbeat('{"status":"alive","ready":true}', 3);
    expect(await probe("live", "--file", ready)).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^alive \(heartbeat [34] s ago\)$/),
    });
    expect(await probe("ready", "--file", ready)).toMatchObject({ exitCode: 0 });
    expect(await probe("live", "--file", ready, "--max-age=2")).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/^dead \(the heartbeat is [34] s old\)$/),
    });
    expect(
      await probe("ready", "--file", await heartbeat('{"status":"alive","ready":false}', 0)),
    ).toMatchObject({ exitCode: 1 });
    expect(
      await probe("ready", "--file", await heartbeat('{"status":"alive","ready":null}', 0)),
    ).toMatchObject({ exitCode: 1 });
    expect(
      await probe("live", "--file", await heartbeat('{"status":"alive","ready":true}', 31)),
    ).toMatchObject({ exitCode: 1 });
  });

  it("cannot tell where there is no file, or one of something else", async () => {
    expect(await probe("live", "--file", "/nonexistent")).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: ENOENT for the heartbeat file",
      error: "",
    });
    for (const name of ["ready", "live"]) {
      for (const content of ["rubbish", "", "{}", "null", "7"]) {
        expect(await probe(name, "--file", await heartbeat(content, 0))).toEqual({
          exitCode: 2,
          output: "cannot reach the worker: the file is no heartbeat",
          error: "",
        });
      }
    }
  });

  it("does not read what may never end: a pipe, a device, a folder, or more than a heartbeat has", async () => {
    const tooLarge = await heartbeat(" ".repeat(65_536) + '{"status":"alive","ready":true}', 0);
    expect(await probe("live", "--file", tooLarge)).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: the heartbeat file is larger than 64 KiB",
      error: "",
    });
    const pipe = await socketPath("pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [tmpdir(), "/dev/zero", pipe]) {
      expect(await probe("live", "--file", path)).toEqual({
        exitCode: 2,
        output: "cannot reach the worker: the heartbeat file is no regular file",
        error: "",
      });
    }
  });

  it("cannot tell by a file of tomorrow, but forgives a clock that is a little ahead", async () => {
    const tomorrow = await heartbeat('{"status":"alive","ready":true}', -86_400);
    expect(await probe("live", "--file", tomorrow)).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: the heartbeat file is dated in the future",
      error: "",
    });
    expect(
      await probe("live", "--file", await heartbeat('{"status":"alive","ready":true}', -3)),
    ).toEqual({ exitCode: 0, output: "alive (heartbeat 0 s ago)", error: "" });
  });
});

describe("probe's arguments", () => {
  it.each([
    [[]],
    [["health"]],
    [["ready"]],
    [["ready", "--socket"]],
    [["ready", "--socket", "a", "--url", "b"]],
    [["ready", "--socket", "a", "--socket", "b"]],
    [["ready", "--sock", "a"]],
    [["ready", "--socket", "a", "--timeout", "soon"]],
    [["ready", "--file", "a", "--timeout", "5"]],
    [["ready", "--socket", "a", "--max-age", "30"]],
    [["ready", "--url", "http://127.0.0.1:1", "--max-age=30"]],
    [["ready", "--url", "file:///etc/passwd"]],
    [["ready", "--url", "http://"]],
    [["ready", "--socket", "a", "--api-key-env", "HOME"]],
    [["ready", "--file", "a", "--api-key-file", "b"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-file", "a", "--api-key-env", "B"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-header", "X-Key"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-env", "HOME", "--api-key-header", "a b"]],
  ])(
    "%j are refused with exit code 64, unlike a worker out of reach, and a word on what to do",
    async (args) => {
      expect(await probe(...args)).toEqual({
        exitCode: 64,
        output: "",
        error: expect.stringMatching(/\S/),
      });
    },
  );
});

describe("the command", () => {
  const program = fileURLToPath(new URL("./bin/tasker-observability.ts", import.meta.url));
  const packageFolder = fileURLToPath(new URL("..", import.meta.url));
  const templates = fileURLToPath(
    new URL("../../ffi-bridge/src/testing/templates/charge.yaml", import.meta.url),
  );

  it("prints one line, exits by the answer, and loads no package for a probe", async () => {
    const { ways } = await serve();
    const tell =
      'process.on("exit", () => console.error(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes("node_modules/") && !file.includes(".testkit-")))));';
    const bundle = await bundleForNode(
      `${tell} void import(${JSON.stringify(program)});`,
      packageFolder,
      "cjs",
    );
    onTestFinished(() => bundle.remove());
    const child = spawnNode([bundle.file, "probe", "ready", ...ways[0]]);
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect([child.stdout.text(), child.stderr.text()]).toEqual(["ready\n", "[]\n"]);
  });

  it("exits by the answer, quietly, where nobody reads on", async () => {
    const bundle = await bundleForNode(
      `void import(${JSON.stringify(program)});`,
      packageFolder,
      "cjs",
    );
    onTestFinished(() => bundle.remove());
    const child = spawnNode([bundle.file, "templates", "validate", templates, "--json"]);
    child.closeOutputs();
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  it("explains itself", async () => {
    expect(await runCommand(["--help"])).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("probe ready|live"),
    });
    for (const args of [
      ["templates", "validate", "--help"],
      ["config", "show", "-h"],
      ["probe", "ready", "--help"],
    ]) {
      expect(await runCommand(args)).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining("probe ready|live"),
      });
    }
    expect(await runCommand(["--version"])).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+/),
      error: "",
    });
    expect(await runCommand([])).toMatchObject({
      exitCode: 64,
      error: expect.stringContaining("probe ready|live"),
    });
    expect(await runCommand(["constructor"])).toMatchObject({ exitCode: 64 });
  });
});
