// Loaded before a program: prints at exit which CommonJS packages the process has loaded.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

const { cache } = createRequire(import.meta.url);

process.on("exit", () => {
  const packages = Object.keys(cache).flatMap(
    (file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  writeSync(1, `loaded ${[...new Set(packages)].join(" ")}\n`);
});
