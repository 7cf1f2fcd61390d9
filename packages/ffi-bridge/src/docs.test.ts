import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "@tasker-observability/config";
import { bundleForNode, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { runCommand } from "./commands/run-command.js";
import { createFacade } from "./facade.js";
import { startHeartbeatFile } from "./heartbeat-file.js";
import { createSocketServer } from "./socket-server.js";
import { socketPath } from "./testing/raw-socket.js";
import { createSampleWorker } from "./testing/sample-worker.js";
import { read, root, useSnippets } from "./testing/snippets.js";

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

const page = read("docs/library-deployment-patterns.md");
const snippets = [
  ...blocksOf(page, "js").map((code, index) => ({
    name: `snippet ${index + 1} of library-deployment-patterns.md`,
    code,
  })),
  ...blocksOf(read("packages/ffi-bridge/README.md"), "js").map((code) => ({
    name: "the example of the README",
    code,
  })),
];

const { printed, run } = useSnippets();

async function startGateway(): Promise<readonly string[]> {
  const methods: string[] = [];
  const gateway = createServer((request, response) => {
    methods.push(request.method ?? "");
    request.resume().on("end", () => response.writeHead(202).end());
  }).listen(0);
  onTestFinished(() => {
    gateway.close();
    gateway.closeAllConnections();
  });
  vi.stubEnv("PUSHGATEWAY_URL", `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
  return methods;
}

/** The sample worker as the documents have it, below /run/orders; `place` puts it where it is. */
async function serveOrders() {
  const worker = createSampleWorker();
  const [path, file] = [await socketPath(), await socketPath("heartbeat")];
  const server = createSocketServer({ operations: worker.observability.operations, path });
  await server.start();
  const heartbeat = startHeartbeatFile({ context: worker.context, path: file });
  onTestFinished(async () => {
    await Promise.all([server.stop(), heartbeat.stop()]);
  });
  await waitFor(() => existsSync(file), { what: "the first heartbeat" });
  return {
    worker,
    place: (text: string) =>
      text.replace("/run/orders/worker.sock", path).replace("/run/orders/heartbeat", file),
  };
}

describe("the documents", () => {
  it.each(snippets)("$name runs, and prints something or pushes", async ({ code }) => {
    const pushes = await startGateway();
    await run(code);
    await waitFor(() => printed().length + pushes.length > 0, { what: "a result" });
  });

  it("have as many snippets as were found", () => {
    expect(snippets.length).toBeGreaterThanOrEqual(11);
  });

  it.each(blocksOf(page, "toml"))("configure keys that exist: %s", async (toml) => {
    const path = await socketPath("one.toml");
    writeFileSync(path, toml);
    expect(loadConfig({ path, env: {} }).unused_keys).toEqual([]);
  });

  it.each(blocksOf(page, "sh").flatMap((block) => block.trim().split("\n")))(
    "give commands that work: %s",
    async (line) => {
      const { place } = await serveOrders();
      vi.stubEnv("TASKER_CONFIG_ROOT", join(root, "config/tasker"));
      const [, ...args] = place(line).split(" ");
      expect(await runCommand(args)).toMatchObject({ exitCode: 0, error: "" });
    },
  );

  it.each(blocksOf(page, "bash"))(
    "give a script that says nothing while the worker is ready, and why when it is not: %s",
    async (script) => {
      const { worker, place } = await serveOrders();
      const program = fileURLToPath(new URL("bin/tasker-observability.ts", import.meta.url));
      const bundle = await bundleForNode(
        `void import(${JSON.stringify(program)});`,
        join(root, "packages/ffi-bridge"),
        "cjs",
      );
      onTestFinished(() => bundle.remove());
      const runScript = async () =>
        promisify(execFile)(
          "bash",
          ["-c", `tasker-observability() { "$NODE" "$PROGRAM" "$@"; }\n${place(script)}`],
          { env: { ...process.env, NODE: process.execPath, PROGRAM: bundle.file } },
        );
      expect(await runScript()).toEqual({ stdout: "", stderr: "" });
      worker.database = "unhealthy";
      await worker.clock.advance(1_000); // for so long answers are cached
      await expect(runScript()).rejects.toMatchObject({
        code: 1,
        stderr: "orders worker: not ready (database: connection_refused)\n",
      });
    },
  );

  it("name every error that the bridge can give", () => {
    const codes = [
      "WORKER_NOT_RUNNING",
      "SERVICE_NOT_INSTALLED",
      "TEMPLATE_NOT_FOUND",
      "NAMESPACE_NOT_SUPPORTED",
      "TEMPLATE_SOURCE_UNAVAILABLE",
      "INVALID_PARAMS",
      "CACHE_OPERATIONS_DISABLED",
      "PAYLOAD_TOO_LARGE",
      "TIMEOUT",
      "INTERNAL",
    ];
    expect(codes.filter((code) => !new RegExp(`^\\| .*\`${code}\``, "m").test(page))).toEqual([]);
  });

  it("set every method of the facade beside the one of the Ruby client", () => {
    const rows = read("docs/ruby-api.md");
    const methods = Object.keys(createFacade({ operations: {} })).filter(
      (name) => name !== "operations" && name !== "close",
    );
    const client =
      read("clients/ruby/lib/tasker_core/observability.rb").split(/^ *private$/m)[0] ?? "";
    const rubyMethods = [...client.matchAll(/^ {6}def (\w+[?=]?)/gm)].map(([, name = ""]) =>
      name.replace("=", ""),
    );
    expect(rubyMethods.length).toBeGreaterThan(17);
    expect([
      ...methods.filter((name) => !rows.includes(`\`${name}(`)),
      ...rubyMethods.filter((name) => !rows.includes(`\`${name}`)),
    ]).toEqual([]);
  });
});
