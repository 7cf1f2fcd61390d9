import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages");

/** What the workspace's packages export, by the `exports` of their manifests, and the source from which each entry is built. */
export function publicEntries() {
  return readdirSync(packages).flatMap((folder) => {
    const file = join(packages, folder, "package.json");
    // Tools leave folders of their own beside the packages, such as a cache.
    if (!existsSync(file)) return [];
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    const { name, private: isPrivate = false, exports } = manifest;
    return Object.entries(typeof exports === "string" ? { ".": exports } : exports)
      .map(([path, target]) => ({ path, entry: target.import?.default ?? target }))
      .filter(({ entry }) => !entry.endsWith(".json"))
      .map(({ path, entry }) => ({
        name: `${name}${path.slice(1)}`,
        source: join(packages, folder, entry.replace("dist/", "src/").replace(/\.js$/, ".ts")),
        isPrivate,
      }));
  });
}
