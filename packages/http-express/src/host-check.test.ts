import { describe, expect, it, onTestFinished } from "vitest";
import { HostCheck } from "./host-check.js";
import { createObservabilityListener, type ListenerOptions } from "./node-listener.js";
import { sendRequest } from "./testing/raw-http.js";
import { createSampleWorker } from "./testing/sample-operations.js";
import { serverHarnesses } from "./testing/server-harness.js";

async function listen(host: string, options: ListenerOptions = {}) {
  const { worker, operations } = createSampleWorker();
  const listener = createObservabilityListener(operations, { writes: true, ...options });
  onTestFinished(() => listener.close());
  const { port } = await listener.listen({ host, port: 0 });
  const ask = async (Host: string, line = "GET /health") =>
    (await sendRequest(port, line, { Host: Host.replace("PORT", String(port)) })).status;
  return { worker, port, ask };
}

describe("a listener on loopback", () => {
  it.each([
    "localhost",
    "LOCALHOST.",
    "localhost:PORT",
    "localhost:3000",
    "127.0.0.1:PORT",
    "127.8.9.10",
    "[::1]:PORT",
  ])("answers a request to %s", async (host) => {
    expect(await (await listen("127.0.0.1")).ask(host)).toBe(200);
  });

  it.each([
    "evil.example",
    "evil.example:PORT",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.7:PORT",
    "evil@127.0.0.1",
    "127.0.0.1/evil",
    "localhost,evil.example",
    "[::2]",
    "",
  ])("refuses a request to %j, whose page may have had its name point here", async (host) => {
    const { ask, worker } = await listen("127.0.0.1");
    expect(await ask(host)).toBe(403);
    const origin = "\r\nSec-Fetch-Site: same-origin";
    expect(await ask(`${host}${origin}`, "DELETE /templates/cache")).toBe(403);
    expect(worker.writes).toBe(0);
  });

  it("answers a request without Host, which no browser sends", async () => {
    const check = new HostCheck(undefined);
    check.bind("127.0.0.1", "127.0.0.1");
    expect(check.allows(undefined)).toBe(true);
  });

  it("answers to its own name, and to those that are allowed besides", async () => {
    const check = new HostCheck(["Proxy.Example", "fd00::7"]);
    check.bind("My-Host.local", "127.0.1.1");
    for (const host of ["my-host.local:8081", "proxy.example", "[fd00:0::7]:1", "localhost"])
      expect([host, check.allows(host)]).toEqual([host, true]);
    for (const host of ["evil.example", "10.0.0.7"])
      expect([host, check.allows(host)]).toEqual([host, false]);
  });
});

describe("a listener on other addresses", () => {
  it("answers any host unless told otherwise", async () => {
    const { ask } = await listen("0.0.0.0");
    expect(await ask("worker.example")).toBe(200);
  });

  it("answers the allowed names and any IP address, by which Kubernetes probes", async () => {
    const { ask } = await listen("0.0.0.0", { allowedHosts: ["worker.example"] });
    for (const host of ["worker.example", "WORKER.example:PORT", "10.1.2.3:PORT", "[fd00::1]"])
      expect([host, await ask(host)]).toEqual([host, 200]);
    for (const host of ["evil.example", "localhost", "1.2.3.4.evil.example"])
      expect([host, await ask(host)]).toEqual([host, 403]);
  });
});

describe.each(serverHarnesses.filter(({ name }) => name.startsWith("the router")))(
  "$name",
  ({ serve }) => {
    it.each([
      [undefined, 200],
      [["good.test"], 403],
      [["evil.test"], 200],
    ])(
      "with the allowed hosts %j answers a request to evil.test with %i",
      async (hosts, status) => {
        const server = await serve(createSampleWorker().operations, { allowedHosts: hosts });
        onTestFinished(() => server.close());
        expect((await server.request("GET", "/health", { Host: "evil.test" })).status).toBe(status);
      },
    );
  },
);
