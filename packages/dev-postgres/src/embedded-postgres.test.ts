import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isRunning, waitFor, withClient } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.js";

/** A temporary folder of the test's own, so that what is left in it is seen. */
let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "embedded-"));
  await chmod(temporary, 0o777);
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

const ask = async (url: string, question: string): Promise<unknown> =>
  withClient(
    url,
    async (client) =>
      Object.values((await client.query<Record<string, unknown>>(question)).rows[0] ?? {})[0],
  );

const isReaped = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};

describe("a server that runs", () => {
  let server: EmbeddedPostgres;
  beforeAll(
    async () => (server = await startEmbeddedPostgres({ settings: { max_connections: "17" } })),
  );
  afterAll(() => server.stop());

  it("is a PostgreSQL 18, at the URL that it says", async () => {
    expect(await ask(server.url, "show server_version")).toMatch(/^18\./);
    expect(server.url).toMatch(
      new RegExp(`^postgres://postgres:[0-9a-f]{48}@127\\.0\\.0\\.1:${server.port}/postgres$`),
    );
    expect(server.host).toBe("127.0.0.1");
    expect(await ask(server.url, "show data_directory")).toBe(server.dataDirectory);
    expect(await ask(server.url, "select pg_postmaster_start_time() is not null")).toBe(true);
  });

  it("accepts settings, and keeps its text in UTF-8", async () => {
    expect(await ask(server.url, "show max_connections")).toBe("17");
    expect(await ask(server.url, "show server_encoding")).toBe("UTF8");
    expect(await ask(server.url, "show fsync")).toBe("off");
  });

  it("rejects everybody without the password", async () => {
    const wrong = new URL(server.url);
    wrong.password = "guess";
    await expect(ask(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });

  it("listens on loopback alone", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    for (const address of [...others.map((other) => other.address), "::1"]) {
      const [error] = (await once(connect(server.port, address), "error")) as [
        NodeJS.ErrnoException,
      ];
      expect(error.code).toMatch(/ECONNREFUSED|EADDRNOTAVAIL/);
    }
    expect(await ask(server.url, "show unix_socket_directories")).toBe("");
  });

  it("keeps its shared memory in its own folder", async () => {
    expect(await readdir(join(server.dataDirectory, "pg_dynshmem"))).not.toEqual([]);
  });
});

describe("stop", () => {
  it("leaves no process and no folder, resolves once for all callers, and may be called again", async () => {
    const server = await startEmbeddedPostgres();
    expect(await readdir(temporary)).toHaveLength(1);
    await Promise.all([server.stop(), server.stop()]);
    expect(isRunning(server.pid)).toBe(false);
    expect(await readdir(temporary)).toEqual([]);
    await server.stop();
    expect(await server.exited).toEqual({ expected: true, code: 0, log: "" });
  });

  it("does not wait for clients to leave", async () => {
    const server = await startEmbeddedPostgres();
    await withClient(server.url, async (client) => {
      client.on("error", () => undefined);
      const sleeping = client.query("select pg_sleep(600)").catch((error: unknown) => error);
      await server.stop();
      expect(await sleeping).toMatchObject({ code: "57P01" });
    });
  });
});

describe("a program that the server has started and left", () => {
  it("does not keep stop from ending", async () => {
    const server = await startEmbeddedPostgres();
    const file = join(server.dataDirectory, "stray");
    const backend = await withClient(server.url, async (client) => {
      // The shell reads what it is sent before it ends: a pipe that nobody reads is an error of the COPY.
      await client.query(
        `copy (select 1) to program 'cat >/dev/null; sleep 600 & echo $! >${file}'`,
      );
      return (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]!.pid;
    });
    // The postmaster signals the process groups of the backends that it has not yet reaped, and the program is in one.
    await waitFor(() => isReaped(backend), { what: "the end of the backend" });
    const stray = Number(await readFile(file, "utf8"));
    await server.stop();
    expect(isRunning(stray)).toBe(true);
    process.kill(stray);
  });
});

describe("a server that ends by itself", () => {
  it("is seen to, and leaves no folder", async () => {
    const server = await startEmbeddedPostgres();
    process.kill(server.pid, "SIGKILL");
    expect(await server.exited).toMatchObject({
      expected: false,
      code: 137,
      log: expect.stringContaining("ready to accept connections") as unknown,
    });
    expect(await readdir(temporary)).toEqual([]);
    await server.stop();
  });
});

describe("a folder that keeps the database", () => {
  it("has the same data and the same password at the next start, and loses no commit", async () => {
    const directory = join(temporary, "kept");
    const first = await startEmbeddedPostgres({ directory });
    await withClient(first.url, (client) => client.query("create table kept as select 42 as n"));
    expect(await ask(first.url, "show fsync")).toBe("on");
    await first.stop();
    expect(await readdir(directory)).toEqual(["data", "log"]);
    const second = await startEmbeddedPostgres({ directory, port: first.port, durable: false });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, "select n from kept")).toBe(42);
    await second.stop();
  });

  it("serves one server at a time, and says so to the second", async () => {
    const directory = join(temporary, "kept");
    const first = await startEmbeddedPostgres({ directory, durable: false });
    await expect(startEmbeddedPostgres({ directory, durable: false })).rejects.toThrow(
      /lock file "postmaster.pid" already exists/,
    );
    expect(await ask(first.url, "select 1")).toBe(1);
    await first.stop();
  });

  it("may be started twice at once, and one wins", async () => {
    const directory = join(temporary, "kept");
    const starts = await Promise.allSettled(
      [1, 2].map(() => startEmbeddedPostgres({ directory, durable: false })),
    );
    const servers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    expect(servers).toHaveLength(1);
    expect(await ask(servers[0]!.url, "select 1")).toBe(1);
    await servers[0]!.stop();
    expect(await readdir(directory)).toEqual(["data", "log"]);
    expect(await readdir(join(directory, "data"))).not.toContain("data");
  });
});

describe("a server that does not start", () => {
  it("says that the port is taken", async () => {
    const first = await startEmbeddedPostgres();
    await expect(startEmbeddedPostgres({ port: first.port })).rejects.toThrow(
      /did not start: the server exited[^]*Address already in use[^]*use your own PostgreSQL server/,
    );
    await first.stop();
    expect(await readdir(temporary)).toEqual([]);
  });

  it("says what PostgreSQL said of a setting", async () => {
    await expect(startEmbeddedPostgres({ settings: { max_connections: "many" } })).rejects.toThrow(
      'invalid value for parameter "max_connections": "many"',
    );
    expect(await readdir(temporary)).toEqual([]);
  });

  it("gives up in time, and stops everything that it has started, at once and in order", async () => {
    const directory = join(temporary, "kept");
    await expect(
      startEmbeddedPostgres({ directory, durable: false, startTimeoutMs: 0 }),
    ).rejects.toThrow("accepted no connections within 0 ms");
    expect(await readFile(join(directory, "log"), "utf8")).not.toContain("immediate shutdown");
    expect(await readdir(join(directory, "data"))).not.toContain("postmaster.pid");
  });
});

describe.runIf(process.geteuid?.() === 0)(
  "as root, in a temporary folder that only root may enter",
  () => {
    it("puts the database where the server's user can", async () => {
      await chmod(temporary, 0o700);
      const server = await startEmbeddedPostgres();
      expect(dirname(dirname(server.dataDirectory))).toBe("/tmp");
      await server.stop();
      await waitFor(
        () =>
          readdir("/tmp").then((names) => !names.includes(basename(dirname(server.dataDirectory)))),
        { what: "an empty place" },
      );
    });
  },
);
