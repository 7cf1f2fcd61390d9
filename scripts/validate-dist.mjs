import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What keeps a package's `dist` from being published.
 *
 * @param folder - where its package.json is.
 * @param isCurrent - whether `dist` was built from the sources and the version that are there now.
 * @returns one line a problem
 */
export function validateDist(folder, isCurrent) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { bin = {}, exports = {}, main, types } = manifest;
  const named = [main, types, ...Object.values(bin), ...targetsIn(exports)].filter(Boolean);
  const missing = [...new Set(named)].filter((file) => !existsSync(join(folder, file)));
  return [
    ...missing.map((file) => `${file} is missing.`),
    ...(isCurrent
      ? []
      : [`dist was built from other sources, or for another version than ${manifest.version}.`]),
  ];
}

function targetsIn(exports) {
  return typeof exports === "string" ? [exports] : Object.values(exports).flatMap(targetsIn);
}
