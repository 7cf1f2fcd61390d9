import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTemplateCluster } from "./template-cluster-cache.js";

let checkout: string;
let packageFolder: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "template-cluster-cache-"));
  packageFolder = join(checkout, "node_modules", "binaries");
  await mkdir(packageFolder, { recursive: true });
  await writeFile(join(packageFolder, "package.json"), '{ "version": "18.4.0" }');
});
afterEach(() => rm(checkout, { recursive: true }));

const find = (): Promise<string | null> =>
  findTemplateCluster(join(packageFolder, "native", "bin"), null);

describe("the template-cluster cache", () => {
  it("is in the cache of the packages, closed to others", async () => {
    const place = await find();
    expect(place).toMatch(
      new RegExp(
        `^${checkout}/node_modules/\\.cache/tasker-observability/postgres-of-\\d+/[0-9a-f]{12}$`,
      ),
    );
    expect((await stat(dirname(place!))).mode & 0o777).toBe(0o700);
    expect(await find()).toBe(place);
  });

  it("is another for another version of the programs", async () => {
    const place = await find();
    await writeFile(join(packageFolder, "package.json"), '{ "version": "18.5.0" }');
    expect(await find()).not.toBe(place);
  });

  it("does not exist if the cache is not writable, or the programs belong to no package", async () => {
    await writeFile(join(checkout, "node_modules", ".cache"), "a file");
    expect(await find()).toBeNull();
    expect(await findTemplateCluster("/usr/lib/postgresql/18/bin", null)).toBeNull();
  });
});
