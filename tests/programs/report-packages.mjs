// Loaded before a program: tells at its end which CommonJS packages its process has loaded, express among them if it was.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

const { cache } = createRequire(import.meta.url);

process.on("exit", () => {
  const packages = Object.keys(cache).flatMap(
    (file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  writeSync(1, `loaded ${[...new Set(packages)].join(" ")}\n`);
});
