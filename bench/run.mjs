// Runs the benches whose path holds one of the arguments, or all of them, one after the other: `npm run bench -- http/ready`.
// Exits with 1 where a claim is missed.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const benches = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith(".bench.mjs") && !file.includes("node_modules"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

for (const bench of benches) {
  console.log(`\n== ${bench}`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", bench], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
if (benches.length === 0) {
  console.error(`No bench has ${wanted.join(" or ")} in its path.`);
  process.exitCode = 1;
}
