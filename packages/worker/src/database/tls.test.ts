import { execFileSync, spawnSync } from "node:child_process";
import { chmod, chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OwnServer, startOwnServer, waitFor, withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createWorker } from "../create-worker.js";
import type { Worker } from "../worker.js";

let folder: string;
let server: OwnServer;

async function ask<Row extends object>(text: string): Promise<readonly Row[]> {
  return withClient(server.url, async (client) => (await client.query<Row>(text)).rows);
}

/** A certificate for an address, which signs itself. */
function createCertificate(name: string, address: string): void {
  const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
  const subject = ["-subj", "/CN=tasker", "-addext", `subjectAltName=IP:${address}`];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync("openssl", [...args, ...files, ...subject], { stdio: "ignore" });
}

async function switchTlsOn(): Promise<void> {
  const [{ path }] = (await ask("show data_directory")).map((row) => ({
    path: String(Object.values(row)[0]),
  })) as [{ path: string }];
  // The server wants its key to be its own user's.
  const { uid, gid } = await stat(path);
  await chown(join(folder, "server.key"), uid, gid);
  await chmod(join(folder, "server.key"), 0o600);
  for (const [name, value] of [
    ["ssl_cert_file", join(folder, "server.crt")],
    ["ssl_key_file", join(folder, "server.key")],
    ["ssl", "on"],
  ])
    await ask(`alter system set ${name} = '${value}'`);
  await ask("select pg_reload_conf()");
  await waitFor(async () => Object.values((await ask("show ssl"))[0] ?? {})[0] === "on", {
    what: "TLS",
  });
}

async function createWorkerOn(parameters: string): Promise<Worker> {
  const worker = await createWorker({
    database: `${server.url}?${parameters}`,
    namespaces: ["payments"],
    workerId: "over-tls",
  });
  onTestFinished(() => worker.stop());
  return worker;
}

// A machine without openssl has no certificate to show.
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!hasOpenssl)("a database over TLS", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tls-"));
    await chmod(folder, 0o755);
    createCertificate("server", "127.0.0.1");
    createCertificate("other", "127.0.0.1");
    server = await startOwnServer({ pgmq: true });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it("is refused at the start where the URL wants TLS, and the server has none", async () => {
    const worker = await createWorkerOn("sslmode=verify-full");
    await expect(worker.start()).rejects.toThrow(
      "The database refused the worker: tls_not_supported. Check database.",
    );
  });

  it("is refused at the start while its certificate is not trusted", async () => {
    await switchTlsOn();
    for (const parameters of [
      "sslmode=verify-full",
      `sslmode=verify-full&sslrootcert=${join(folder, "other.crt")}`,
    ]) {
      const worker = await createWorkerOn(parameters);
      await expect(worker.start()).rejects.toThrow(
        "The database refused the worker: certificate_refused. Check database.",
      );
    }
  });

  it("is used with the certificate that it shows, by the listener too", async () => {
    await switchTlsOn();
    const worker = await createWorkerOn(
      `sslmode=verify-full&sslrootcert=${join(folder, "server.crt")}`,
    );
    await worker.start();
    await waitFor(() => worker.context.ports.eventSystem?.listener() === "connected", {
      what: "the listener",
    });
    const connections = await ask<{ ssl: boolean }>(
      "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'tasker-%'",
    );
    expect(connections.length).toBeGreaterThan(1);
    expect(connections.every(({ ssl }) => ssl)).toBe(true);
  });
});
