import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadConfig } from "@tasker-observability/config";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createFacade } from "./facade.js";
import { socketPath } from "./testing/raw-socket.js";
import { read, useSnippets } from "./testing/snippets.js";

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

  it("show every method of the facade with the one of the Ruby client", () => {
    const rows = read("docs/ruby-api.md");
    const methods = Object.keys(createFacade({ operations: {} })).filter(
      (name) => name !== "operations" && name !== "close",
    );
    const client = [
      read("clients/ruby/lib/tasker_core/observability/operations.rb"),
      read("clients/ruby/lib/tasker_core/observability.rb").split(/^ *private$/m)[0],
    ].join("");
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
