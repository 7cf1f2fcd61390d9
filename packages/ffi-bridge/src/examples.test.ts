import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { read, useSnippets } from "./testing/snippets.js";

const { printed, run } = useSnippets();

describe("the examples", () => {
  const gone = "postgres://nobody@127.0.0.1:1/nothing";

  it("health-only is unhealthy without its database", async () => {
    await run(read("examples/health-only/index.mjs"));
    expect([printed(), process.exitCode]).toEqual([["healthy: healthy answered within 500 ms"], 0]);
    vi.stubEnv("DATABASE_URL", gone);
    await run(read("examples/health-only/index.mjs"));
    expect([printed()[1], process.exitCode]).toEqual([
      "unhealthy: unhealthy connection_refused",
      1,
    ]);
  });

  it("facade is not ready without its database, and still answers the rest", async () => {
    await run(read("examples/facade/index.mjs"));
    expect(printed().slice(0, 3)).toEqual([
      "ready: true",
      "environment: development",
      "templates: 2",
    ]);
    vi.stubEnv("DATABASE_URL", gone);
    await run(read("examples/facade/index.mjs"));
    expect(printed().slice(4, 7)).toEqual([
      "ready: false",
      "environment: development",
      "templates: 2",
    ]);
  });

  it.each([
    ["200", undefined],
    ["503", gone],
  ])("express-app answers %s beside the application's own routes", async (status, url) => {
    if (url !== undefined) vi.stubEnv("DATABASE_URL", url);
    const { stop } = (await run(read("examples/express-app/index.mjs"))) as { stop: () => unknown };
    await waitFor(() => printed().length === 1, { what: "the address" });
    const ready = await fetch(printed()[0]!);
    expect(String(ready.status)).toBe(status);
    expect(await (await fetch(new URL("/orders", printed()[0]))).json()).toEqual([]);
    await stop();
    process.removeListener("SIGTERM", stop);
  });
});
