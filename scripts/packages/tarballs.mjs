import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTwos, mustRun, run } from "./processes.mjs";
import { problemOf, report } from "./report.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const scope = "@tasker-observability/";
export const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packs every package that is to be published, as npm would get it. @returns their manifests, each with its `tarball`. */
export async function packAll(destination) {
  const manifests = readdirSync(join(root, "packages"))
    .map((folder) => ({ folder, file: join(root, "packages", folder, "package.json") }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, ...JSON.parse(readFileSync(file, "utf8")) }))
    .filter((manifest) => manifest.private !== true);
  return inTwos(manifests, async (manifest) => {
    const cwd = join(root, "packages", manifest.folder);
    const { filename } = JSON.parse(
      await mustRun(
        "npx",
        ["-y", packageManager, "pack", "--json", "--pack-destination", destination],
        { cwd },
      ),
    );
    return { ...manifest, tarball: filename };
  });
}

/** What a resolver and npm's own rules make of it. */
export async function checkTarball({ name, tarball, main }) {
  report(
    `${name}: publint`,
    problemOf(await run(bin("publint"), [tarball, "--strict"], { cwd: root })),
  );
  if (main === undefined) return; // a command, which nobody imports
  report(
    `${name}: types resolve`,
    problemOf(await run(bin("attw"), [tarball, "--profile", "node16"], { cwd: root })),
  );
}

export function bin(name) {
  return join(root, "node_modules", ".bin", name);
}
