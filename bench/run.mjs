// Runs the benches whose path contains one of the arguments, or all of them, one after the other: `npm run bench -- http/ready`.
// What begins with `--` is for the benches themselves: `--quick`. Exits with 1 where a claim is missed.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith("--"));
const wanted = given.filter((argument) => !argument.startsWith("--"));
const benches = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith(".bench.mjs") && !file.includes("node_modules"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

for (const bench of benches) {
  console.log(`\n== ${bench}`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", bench, ...flags], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
if (benches.length === 0) {
  console.error(`No bench has ${wanted.join(" or ")} in its path.`);
  process.exitCode = 1;
}
