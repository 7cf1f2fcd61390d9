import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages");

/** What the workspace's packages export, by the `exports` of their manifests, and the source from which each entry is built. */
export function publicEntries() {
  return readdirSync(packages).flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"));
    const { name, private: isPrivate = false, exports } = manifest;
    return Object.entries(typeof exports === "string" ? { ".": exports } : exports)
      .map(([path, target]) => ({ path, file: target.import?.default ?? target }))
      .filter(({ file }) => !file.endsWith(".json"))
      .map(({ path, file }) => ({
        name: `${name}${path.slice(1)}`,
        source: join(packages, folder, file.replace("dist/", "src/").replace(/\.js$/, ".ts")),
        isPrivate,
      }));
  });
}
