import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startTestServer, type TestServer } from "./test-server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A Unix socket that answers a connection with `{ url }` of the shared PostgreSQL server, or `{ error }`. */
    readonly testServerSocket: string;
  }
}

/**
 * Vitest's global set-up: one PostgreSQL server for the run, started when the first test asks for it,
 * so that a run of tests without a database does not wait for one. `TEST_DATABASE_URL` takes a server of your own.
 *
 * @returns the teardown.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "testkit-"));
  const socketPath = join(folder, "socket");
  let server: Promise<TestServer> | null = null;
  const broker = createServer((socket) => {
    socket.on("error", () => undefined);
    server ??= startTestServer(process.env.TEST_DATABASE_URL);
    server.then(
      ({ url }) => socket.end(JSON.stringify({ url })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await once(broker.listen(socketPath), "listening");
  project.provide("testServerSocket", socketPath);
  return async () => {
    broker.close();
    await server?.then(
      (started) => started.stop(),
      () => undefined,
    );
    await rm(folder, { recursive: true, force: true });
  };
}
