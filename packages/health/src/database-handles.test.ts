import { createTestDatabase, startTcpProxy, type TcpProxy } from "@tasker-observability/testkit";
import { databaseLibraries, openPglite } from "@tasker-observability/testkit/clients";
import { describe, expect, it, onTestFinished } from "vitest";
import { createHealthService } from "./health-service.js";
import type { DatabaseLike } from "./to-database.js";

type Open = (typeof databaseLibraries)[keyof typeof databaseLibraries];

async function openThroughProxy(open: Open): Promise<{
  readonly handle: DatabaseLike;
  readonly proxy: TcpProxy;
}> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const { handle, close } = await open(proxy.url(database.url));
  onTestFinished(async () => {
    await close();
  });
  return { handle, proxy };
}

async function databaseStatus(handle: DatabaseLike): Promise<string | undefined> {
  const health = createHealthService({ database: handle, cacheTtlMs: 0 });
  const { checks } = await health.readiness();
  health.close();
  return checks.database?.status;
}

describe("the database of an application is asked through", () => {
  it.each(Object.entries(databaseLibraries))("%s", async (_, open) => {
    const { handle, proxy } = await openThroughProxy(open);
    expect(await databaseStatus(handle)).toBe("healthy");
    await proxy.cut();
    expect(await databaseStatus(handle)).toBe("unhealthy");
  });

  it("PGlite", async () => {
    const { handle, close } = await openPglite();
    expect(await databaseStatus(handle)).toBe("healthy");
    await close();
    expect(await databaseStatus(handle)).toBe("unhealthy");
  });

  it("what has Prisma's and Neon's methods, by its text", async () => {
    const asked: string[] = [];
    const ask = async (text: string): Promise<void> => void asked.push(text);
    const neon = Object.assign(async () => [], { query: ask });
    expect(await databaseStatus({ $queryRawUnsafe: ask })).toBe("healthy");
    expect(await databaseStatus(neon)).toBe("healthy");
    expect(asked).toEqual(["select 1", "select 1"]);
  });

  it("an object with ping() alone, as its method and with a signal", async () => {
    const handle = {
      isUp: true,
      async ping(signal: AbortSignal) {
        signal.throwIfAborted();
        if (!this.isUp) throw new Error("down");
      },
    };
    expect(await databaseStatus(handle)).toBe("healthy");
    handle.isUp = false;
    expect(await databaseStatus(handle)).toBe("unhealthy");
  });
});
