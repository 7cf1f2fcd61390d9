import { inspect } from "node:util";
import { ObservabilityError } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createWorker } from "../create-worker.js";
import { resolveWorkerOptions } from "./worker-options.js";

const url = "postgres://orders:hunter2-hunter2@db.example:5432/orders";
const key = "a-key-of-some-length";

async function refusalOf(options: object): Promise<string> {
  const error: unknown = await createWorker(options).catch((thrown: unknown) => thrown);
  expect(ObservabilityError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

describe("the options of createWorker", () => {
  it("have defaults without a configuration file", () => {
    expect(resolveWorkerOptions({})).toMatchObject({
      concurrency: 10,
      http: false,
      pollingIntervalMs: 1_000,
      health: { slowMs: 500 },
    });
  });

  it("have defaults for the HTTP address", () => {
    expect(resolveWorkerOptions({ http: {} }).http).toMatchObject({
      host: "127.0.0.1",
      port: 8_081,
      writes: false,
    });
  });

  it("report all problems at once, with the nearest name", async () => {
    const message = await refusalOf({ concurrent: 5, batchSize: 0, http: { prot: 1, port: -1 } });
    expect(message).toContain('Unknown option "concurrent" of createWorker. Did you mean');
    expect(message).toContain("batchSize must be a whole number from 1 to 10000, not 0.");
    expect(message).toContain('Unknown option "prot" of http. Did you mean "port"?');
    expect(message).toContain("http.port must be a whole number from 0 to 65535, not -1.");
  });

  it.each([
    ["database", { database: "" }],
    [
      "database names several hosts, and a worker connects to one: name the primary, or the proxy or pooler that leads to it.",
      { database: "postgresql://a:5432,b:5432/orders?target_session_attrs=read-write" },
    ],
    [
      "database.url contains a password: leave it out, as database.password answers it.",
      { database: { url, password: () => key } },
    ],
    [
      "database.password must be a function that answers the password, not a string.",
      { database: { url: "postgres://orders@db.example/orders", password: key } },
    ],
    [
      'Unknown option "passwrod" of database. Did you mean "password"?',
      { database: { url: "postgres://orders@db.example/orders", passwrod: () => key } },
    ],
    ["Give it the pool below your library's handle", { database: { raw: async () => [] } }],
    ["handlers", { handlers: { Ship: "ship" } }],
    ["templates must be a glob such as", { templates: 7 }],
    ["templates must be a glob such as", { templates: [] }],
    ["templates must be a glob such as", { templates: ["!only.yaml"] }],
    ["templates must be a glob such as", { templates: " " }],
    ["namespaces[0]", { namespaces: ["no namespace"] }],
    ["namespaces[1]", { namespaces: ["orders", "cache"] }],
    [
      "namespaces[2] is the same as namespaces[0]: list each once.",
      { namespaces: ["orders", "mail", "orders"] },
    ],
    ["http", { http: true }],
    ["config", { config: {} }],
  ])("name what is wrong: %s", async (name, options) => {
    expect(await refusalOf(options)).toContain(name);
  });

  it("show no secret, in whatever way they are printed", () => {
    const settings = resolveWorkerOptions({
      database: url,
      listenUrl: url,
      http: { auth: { keys: [{ name: "dashboard", key, rights: ["read"] }] } },
    });
    for (const text of [inspect(settings, { depth: 9 }), JSON.stringify(settings)])
      expect(text).not.toMatch(/hunter2|a-key-of/);
  });
});
