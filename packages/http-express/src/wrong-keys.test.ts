import { createFakeClock } from "@tasker-observability/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSampleWorker } from "./testing/sample-operations.js";
import { waiting } from "./testing/guarded-servers.js";
import { openConnection } from "./testing/raw-http.js";
import { type RunningServer, serverHarnesses } from "./testing/server-harness.js";

const key = "a-key-of-its-own";
const auth = { keys: [{ name: "grafana", key, rights: ["read"] }] } as const;

describe.each(serverHarnesses)("wrong keys at $name", ({ serve }) => {
  let server: RunningServer | undefined;
  afterEach(() => server?.close());

  /** A server that has been sent as many wrong keys as it answers at once. */
  const start = async () => {
    const clock = createFakeClock();
    const { operations } = createSampleWorker({ clock });
    const started = await serve(operations, { auth });
    server = started;
    const call = (sent: string) => started.request("GET", "/templates", { "X-API-Key": sent });
    for (let number = 0; number < 20; number += 1)
      expect((await call(`wrong-${number}`)).status).toBe(401);
    const idleTimers = clock.pendingTimers();
    const slowed = () => clock.pendingTimers() - idleTimers;
    return { clock, call, slowed, started };
  };

  it("wait beyond twenty a minute, while a right key is answered at once", async () => {
    const { clock, call, slowed } = await start();
    let isAnswered = false;
    const wrong = call("wrong-20").then((response) => {
      isAnswered = true;
      return response.status;
    });
    await vi.waitFor(() => expect(slowed()).toBe(1), waiting);
    expect((await call(key)).status).toBe(200);
    expect(isAnswered).toBe(false);
    await clock.advance(500);
    expect(await wrong).toBe(401);
    await clock.advance(60_000);
    expect((await call("wrong-21")).status).toBe(401);
  });

  it("are answered at once where too many wait, on a connection that is closed", async () => {
    const { clock, call, slowed } = await start();
    const calls = Array.from({ length: 32 }, (_, number) => call(`wrong-${number}`));
    await vi.waitFor(() => expect(slowed()).toBe(32), waiting);
    const { status, headers } = await call("wrong");
    expect([status, headers.connection]).toEqual([401, "close"]);
    expect((await call(key)).status).toBe(200);
    await clock.advance(500);
    expect((await Promise.all(calls)).map((response) => response.status)).toEqual(
      calls.map(() => 401),
    );
  });

  it("keep nothing once their client has gone", async () => {
    const { slowed, started } = await start();
    const socket = openConnection(
      started.port,
      `GET ${started.mount}/templates HTTP/1.1\r\nHost: x\r\nX-API-Key: wrong\r\n\r\n`,
    );
    await vi.waitFor(() => expect(slowed()).toBe(1), waiting);
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(slowed()).toBe(0), waiting);
  });
});
