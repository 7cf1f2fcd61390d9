import { mkdir, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { useTemporaryFolder } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { linkLibraries } from "./link-libraries.js";

const folder = useTemporaryFolder();

async function packageWith(links: string): Promise<string> {
  const programs = join(folder(), "native", "bin");
  await mkdir(programs, { recursive: true });
  await mkdir(join(folder(), "native", "lib"));
  await writeFile(join(folder(), "native", "lib", "libpq.so.60.2"), "library");
  await writeFile(join(folder(), "native", "pg-symlinks.json"), links);
  return programs;
}

describe("the links between the libraries", () => {
  it("are made where the package could not make them, and may be made again", async () => {
    const source = "native/lib/libpq.so.60.2";
    const links = ["native/lib/libpq.so", "native/lib/libpq.so.60"];
    const programs = await packageWith(JSON.stringify(links.map((target) => ({ source, target }))));
    await linkLibraries(programs);
    for (const link of links) expect(await readlink(join(folder(), link))).toBe("libpq.so.60.2");
    await linkLibraries(programs);
  });

  it("are none where the package lists none", async () => {
    await expect(linkLibraries(await packageWith("[]"))).resolves.toBeUndefined();
    await expect(linkLibraries("/nowhere/native/bin")).resolves.toBeUndefined();
  });
});
