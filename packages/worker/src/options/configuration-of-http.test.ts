import { get } from "node:http";
import { resolveConfig } from "@tasker-observability/config";
import { describe, expect, it } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "./to-worker-options.js";
import { WorkerStartError } from "../worker-start-error.js";
import { type Sections, type WorkerHarness } from "../testing/worker-harness.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness();

const serve = (web: Sections = {}, options: Parameters<WorkerHarness["start"]>[0] = {}) =>
  harness.start({ ...options, worker: { web: { enabled: true, ...web } } });
const key = "a-key-of-some-length";

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

/** `fetch` sets Host itself. */
function statusByHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ port, path: "/health", headers: { Host: host } }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    }).once("error", reject);
  });
}

describe("worker.web", () => {
  it("enabled false: nothing listens, and every operation still answers in process", async () => {
    const { worker, ready } = await harness.start();
    expect(worker.url).toBeNull();
    expect((await ready()).status).toBe("healthy");
  });

  it("bind_address: where it listens", async () => {
    const { worker } = await serve({ bind_address: "127.0.0.2:0" });
    expect(worker.url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    expect(await statusOf(`${worker.url}/health/ready`)).toBe(200);
  });

  it("allowed_hosts: the host names that callers may use if the listener is not on loopback", async () => {
    const { worker } = await serve({
      bind_address: "0.0.0.0:0",
      allowed_hosts: ["worker.example"],
    });
    const { port } = new URL(worker.url ?? "");
    const asks = ["worker.example", "127.0.0.1", "evil.example"].map((host) =>
      statusByHost(Number(port), host),
    );
    expect(await Promise.all(asks)).toEqual([200, 200, 403]);
  });

  it("bind_address on loopback: no page of another name can ask", async () => {
    const { worker } = await serve();
    const port = Number(new URL(worker.url ?? "").port);
    const asks = ["localhost", "127.0.0.1", "evil.example"].map((host) => statusByHost(port, host));
    expect(await Promise.all(asks)).toEqual([200, 200, 403]);
  });

  it.each([
    [100, 504],
    [5_000, 200],
  ])(
    "request_timeout_ms %i: an answer that takes half a second is %i",
    async (request_timeout_ms, status) => {
      const slow = {
        name: "slow",
        run: () =>
          new Promise<{ status: "healthy" }>((resolve) =>
            setTimeout(() => resolve({ status: "healthy" }), 500),
          ),
      };
      const { worker } = await serve({ request_timeout_ms }, { checks: [slow] });
      expect(await statusOf(`${worker.url}/health/detailed`)).toBe(status);
    },
  );
});

describe("worker.web.endpoints", () => {
  it.each([
    ["health_enabled", "/health"],
    ["metrics_enabled", "/metrics"],
    ["templates_enabled", "/templates"],
    ["config_enabled", "/config"],
    ["dashboard_enabled", "/"],
    ["openapi_enabled", "/openapi.json"],
  ])("%s false: %s does not exist, and the others do", async (name, path) => {
    const { worker } = await serve({ endpoints: { [name]: false } });
    const paths = ["/health", "/metrics", "/templates", "/config", "/", "/openapi.json"];
    expect(await Promise.all(paths.map((each) => statusOf(`${worker.url}${each}`)))).toEqual(
      paths.map((each) => (each === path ? 404 : 200)),
    );
  });

  it.each([
    [false, 403],
    [true, 200],
  ])(
    "cache_operations_enabled %s: clearing the cache is %i",
    async (cache_operations_enabled, status) => {
      const { worker } = await serve({ endpoints: { cache_operations_enabled } });
      expect(await statusOf(`${worker.url}/templates/cache`, { method: "DELETE" })).toBe(status);
    },
  );
});

describe("worker.web.auth", () => {
  const auth = { enabled: true, api_keys: [{ name: "ops", key, rights: ["read"] }] };

  it("enabled: everything but the probes asks for a key", async () => {
    const { worker } = await serve({ auth });
    const statuses = await Promise.all(
      ["/health/ready", "/metrics", "/config"].map((path) => statusOf(`${worker.url}${path}`)),
    );
    expect(statuses).toEqual([200, 200, 401]);
    expect(await statusOf(`${worker.url}/config`, { headers: { "X-API-Key": key } })).toBe(200);
  });

  it("protect_probes: the probes do too", async () => {
    const { worker } = await serve({ auth: { ...auth, protect_probes: true } });
    expect(await statusOf(`${worker.url}/health/ready`)).toBe(401);
    expect(await statusOf(`${worker.url}/health/ready`, { headers: { "X-API-Key": key } })).toBe(
      200,
    );
  });

  it("api_key_header: which header carries it", async () => {
    const { worker } = await serve({ auth: { ...auth, api_key_header: "X-Ops" } });
    const asks = ["X-API-Key", "X-Ops"].map((header) =>
      statusOf(`${worker.url}/config`, { headers: { [header]: key } }),
    );
    expect(await Promise.all(asks)).toEqual([401, 200]);
  });

  it.each([
    [["read"], 403],
    [["read", "write"], 200],
  ])("api_keys with the rights %j: clearing the cache is %i", async (rights, status) => {
    const { worker } = await serve({
      auth: { enabled: true, api_keys: [{ name: "ops", key, rights }] },
      endpoints: { cache_operations_enabled: true },
    });
    expect(
      await statusOf(`${worker.url}/templates/cache`, {
        method: "DELETE",
        headers: { "X-API-Key": key },
      }),
    ).toBe(status);
  });

  it("api_key, the older way to give one key", async () => {
    const { worker } = await serve({ auth: { enabled: true, api_key: key } });
    expect(await statusOf(`${worker.url}/config`, { headers: { "X-API-Key": key } })).toBe(200);
  });
});

it("HTTP options that cannot be served end the start with one line", async () => {
  const config = resolveConfig(
    { worker: { web: { auth: { enabled: true, api_key: key } } } },
    { env: {} },
  );
  const { worker } = config.settings;
  const web = { ...worker.web, auth: { ...worker.web.auth, api_keys: [] } };
  const refused = createWorker({
    ...toWorkerOptions({ ...config, settings: { ...config.settings, worker: { ...worker, web } } }),
  });
  await expect(refused).rejects.toThrow(
    new WorkerStartError(
      "[worker.web] cannot be served: auth.keys is empty: leave auth out, or add a key.",
    ),
  );
});

it("a port in use ends the start with one line that says what to do", async () => {
  const { worker } = await serve();
  const taken = new URL(worker.url ?? "").host;
  await expect(serve({ bind_address: taken })).rejects.toThrow(
    "set TASKER_WEB_BIND_ADDRESS to another host:port",
  );
  await new Promise((resolve) =>
    get(`${worker.url}/health`, (response) => response.resume().once("end", resolve)),
  );
});
