import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, "node_modules", ".prepared.json");

/** What a package is built from, its version included, as one digest. @param name - its folder. */
export function buildDigest(name) {
  const folder = join(root, "packages", name);
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return digest([
    join(root, "tsup.base.ts"),
    join(root, "tsconfig.base.json"),
    join(folder, "package.json"),
    ...readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
    ...sources,
  ]);
}

export function digest(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex");
}

/** What was installed and built the last time: `scripts/prepare.mjs` writes it. */
export const preparedStamp = {
  read() {
    try {
      return JSON.parse(readFileSync(stampFile, "utf8"));
    } catch {
      return { lock: undefined, builds: {} };
    }
  },
  file: stampFile,
};
