import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CustomCheck } from "../checks/custom-check.js";
import { createHealthService } from "../health-service.js";
import type { HealthCheck } from "../schemas/health-check.js";
import { formatBytes } from "./format-bytes.js";
import { diskSpaceCheck, eventLoopCheck, httpCheck, memoryCheck, redisCheck } from "./index.js";

async function reportOf(check: CustomCheck): Promise<HealthCheck | undefined> {
  const health = createHealthService({ checks: [check], cacheTtlMs: 0 });
  const { checks } = await health.detailed();
  health.close();
  return checks[check.name];
}

async function startServer(status: number): Promise<{ url: string; asked: () => unknown[] }> {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push([request.method, request.url, request.headers["x-key"]]);
    response.writeHead(status, { location: "/elsewhere" }).end("a body that nobody reads");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/health`, asked: () => asked };
}

describe("httpCheck", () => {
  it.each([
    [200, "healthy"],
    [204, "healthy"],
    [302, "unhealthy"],
    [503, "unhealthy"],
  ])("takes %i for %s", async (answered, status) => {
    const { url, asked } = await startServer(answered);
    expect(await reportOf(httpCheck({ url, headers: { "x-key": "k" } }))).toMatchObject({
      status,
      message: `answered ${answered}`,
      criticality: "optional",
    });
    expect(asked()).toEqual([["GET", "/health", "k"]]);
  });

  it("asks the caller which statuses are healthy", async () => {
    const { url } = await startServer(401);
    const check = httpCheck({ name: "vault", url, isHealthy: (status) => status === 401 });
    expect(await reportOf(check)).toMatchObject({ status: "healthy" });
  });

  it("is unhealthy if nobody answers, and does not name the address", async () => {
    const check = httpCheck({ url: "http://127.0.0.1:1/secret?key=1", criticality: "required" });
    const health = createHealthService({ checks: [check] });
    onTestFinished(() => health.close());
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: { http: { status: "unhealthy", message: expect.not.stringContaining("secret") } },
    });
  });
});

describe("redisCheck", () => {
  it("is healthy where the client answers, and calls ping as a method", async () => {
    const client = {
      answer: "PONG",
      async ping() {
        return this.answer;
      },
    };
    expect(await reportOf(redisCheck({ client }))).toMatchObject({
      status: "healthy",
      message: "answered",
    });
  });

  it("is unhealthy where the client rejects, or waits for a connection", async () => {
    const refused = Object.assign(new Error("at 10.0.0.1"), { code: "ECONNREFUSED" });
    expect(
      await reportOf(redisCheck({ client: { ping: () => Promise.reject(refused) } })),
    ).toMatchObject({ status: "unhealthy", message: "connection_refused" });
    const hangs = redisCheck({
      client: { ping: () => new Promise(() => undefined) },
      timeoutMs: 5,
    });
    expect(await reportOf(hangs)).toMatchObject({
      status: "unhealthy",
      message: "timeout after 5 ms",
    });
  });
});

describe("diskSpaceCheck", () => {
  it.each([
    [{ degradedBelowBytes: 1, unhealthyBelowBytes: 1 }, "healthy"],
    [{ degradedBelowBytes: 2 ** 52, unhealthyBelowBytes: 1 }, "degraded"],
    [{ degradedBelowBytes: 2 ** 52, unhealthyBelowBytes: 2 ** 52 }, "unhealthy"],
  ])("compares what is free with %j: %s", async (limits, status) => {
    expect(await reportOf(diskSpaceCheck({ path: tmpdir(), ...limits }))).toMatchObject({
      status,
      message: expect.stringMatching(/^[\d.]+ [A-Za-z]+ of [\d.]+ [A-Za-z]+ free$/),
    });
  });

  it("is unhealthy where the path is missing, and does not name it", async () => {
    expect(await reportOf(diskSpaceCheck({ path: "/missing/folder" }))).toMatchObject({
      status: "unhealthy",
      message: "not_found",
    });
  });
});

describe("memoryCheck", () => {
  it.each([
    [{}, "healthy"],
    [{ degradedFrom: 0 }, "degraded"],
    [{ degradedFrom: 0, unhealthyFrom: 0 }, "unhealthy"],
  ])("compares the resident set with its limit by %j: %s", async (fractions, status) => {
    const limitBytes = process.memoryUsage.rss() * 4;
    expect(await reportOf(memoryCheck({ limitBytes, ...fractions }))).toMatchObject({
      status,
      message: expect.stringContaining(` of ${formatBytes(limitBytes)} occupied`),
    });
  });

  it("has a default limit", async () => {
    expect(await reportOf(memoryCheck())).toMatchObject({
      message: expect.stringMatching(/ of [\d.]+ (?:MiB|GiB|TiB) occupied$/),
    });
  });
});

describe("eventLoopCheck", () => {
  it("says for how long the event loop was blocked since the run before", async () => {
    const check = eventLoopCheck({ degradedFromMs: 30, unhealthyFromMs: 100_000 });
    const health = createHealthService({ checks: [check], cacheTtlMs: 0 });
    onTestFinished(() => health.close());
    expect((await health.detailed()).checks.event_loop).toMatchObject({
      status: "healthy",
      message: "blocked for 0 ms at most",
    });
    // Every other time, so that the histogram takes a sample between a block and the answer.
    let isBlocking = false;
    await waitFor(
      async () => {
        isBlocking = !isBlocking;
        if (isBlocking) return block(100);
        return (await health.detailed()).checks.event_loop?.status === "degraded";
      },
      { what: "a block that is seen", intervalMs: 50 },
    );
  });
});

describe("the options of a ready-made check", () => {
  it("are checked all at once", () => {
    expect(() => httpCheck({ url: "ftp://files", heders: {} } as never)).toThrow(
      'Unknown option "heders" of httpCheck. Did you mean "headers"? url must be an http:// or https:// URL.',
    );
    expect(() => redisCheck({ client: {} } as never)).toThrow(
      "client must be a Redis client, but lacks ping.",
    );
    expect(() => memoryCheck({ degradedFrom: 2, cacheTtlMs: -1 })).toThrow(
      /degradedFrom must be a number from 0 to 1, not 2\..*cacheTtlMs must be/,
    );
  });
});

it.each([
  [0, "0 bytes"],
  [1_023, "1023 bytes"],
  [1_536, "1.5 KiB"],
  [2 ** 40, "1.0 TiB"],
])("formats %i bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

function block(ms: number): false {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
  return false;
}
