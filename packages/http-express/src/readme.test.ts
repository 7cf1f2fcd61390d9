import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { compileFunction } from "node:vm";
import * as health from "@tasker-observability/health";
import { withOptionTables } from "@tasker-observability/testkit";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import * as http from "./index.js";
import { listenOptionsSchema } from "./listen-options.js";
import { listenerOptionsSchema } from "./node-listener.js";
import { sendRequest } from "./testing/raw-http.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(readme)?.[1];
  if (block === undefined) throw new Error(`The README has no ${language} block.`);
  return block;
}

describe("the README", () => {
  it("has an example that prints what it says", async () => {
    const modules = {
      "@tasker-observability/health": health,
      "@tasker-observability/http-express": http,
    };
    const body = blockOf("js").replace(/^import (\{.+\}) from (.+);$/gm, "const $1 = modules[$2];");
    const lines: string[] = [];
    const print = (...words: unknown[]): unknown => lines.push(words.map(String).join(" "));
    const run = compileFunction(`return (async () => {${body}})();`, [
      "modules",
      "console",
      "fetch",
    ]) as (...values: unknown[]) => Promise<void>;
    await run(modules, { log: print }, fetch);
    expect(`${lines.join("\n")}\n`).toBe(blockOf("text"));
  });

  it("mounts the router as it says", async () => {
    const service = health.createHealthService();
    onTestFinished(() => service.close());
    const app = express();
    const mount = compileFunction(blockOf("javascript").replaceAll(/^import .+$/gm, ""), [
      ...["app", "createObservabilityRouter", "defineOperation", "z", "health", "countOrders"],
    ]) as (...values: unknown[]) => void;
    const { createObservabilityRouter, defineOperation } = http;
    mount(app, createObservabilityRouter, defineOperation, z, service, async () => 3);
    const server = createServer(app);
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect((await sendRequest(port, "GET /internal/obs/health/ready")).status).toBe(200);
    const backlog = await sendRequest(port, "GET /internal/obs/orders/north/backlog");
    expect(JSON.parse(backlog.body)).toEqual({ waiting: 3 });
    expect((await sendRequest(port, "GET /internal/obs/config")).headers).not.toHaveProperty(
      "x-request-id",
    );
  });

  it("shows the options that the schemas have (npm run generate writes the tables)", async () => {
    const sourceOf = (name: string): URL => new URL(name, import.meta.url);
    const sources = ["./http-options.ts", "./http-access.ts", "./guarded-server.ts"].map(sourceOf);
    const tables = {
      createObservabilityListener: { schema: listenerOptionsSchema, sources },
      listen: { schema: listenOptionsSchema, sources: [sourceOf("./listen-options.ts")] },
    };
    await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
  });
});
