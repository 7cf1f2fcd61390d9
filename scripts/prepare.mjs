// Installs and builds what has changed since the last time, so that `npm start` and `npm test` need nothing before them.
// They run the JavaScript alone; `--types` builds everything, with the types that a published package has.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDigest, digest, preparedStamp, root } from "./build-digest.mjs";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const withTypes = process.argv.includes("--types");
const before = preparedStamp.read();
const lock = digest([join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml")]);
let after = before;

if (before.lock !== lock) {
  run("Installing dependencies", ["install", "--frozen-lockfile"]);
  after = writeStamp({ lock, builds: before.lock === undefined ? {} : before.builds });
}

const builds = Object.fromEntries(buildable().map((name) => [name, buildDigest(name)]));
const stale = Object.keys(builds).filter(
  (name) =>
    withTypes ||
    after.builds[name] !== builds[name] ||
    !existsSync(join(root, "packages", name, "dist")),
);
if (stale.length > 0) {
  // `...name` selects a package and all that depend on it.
  const filters = stale.flatMap((name) => ["--filter", `...@tasker-observability/${name}`]);
  run(`Building ${stale.join(", ")}`, [
    ...filters,
    "--workspace-concurrency=2",
    "run",
    "--if-present",
    "build",
  ]);
  if (withTypes) await import("./document-declarations.mjs");
  writeStamp({ lock, builds });
}

function buildable() {
  return readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "tsup.config.ts")),
  );
}

function writeStamp(stamp) {
  writeFileSync(preparedStamp.file, JSON.stringify(stamp));
  return stamp;
}

function run(what, args) {
  console.log(`${what} …`);
  // npm hands its own settings down as npm_config_*; pnpm would take them for its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_config_")),
  );
  const { status, error, stdout, stderr } = spawnSync(
    "npx",
    ["-y", manifest.packageManager, ...args],
    {
      cwd: root,
      env: { ...env, CI: "true", BUILD_TYPES: withTypes ? "yes" : "no" },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status === 0) return;
  console.error([stdout, stderr, error?.message].filter(Boolean).join("\n"));
  console.error(`${what}: failed.`);
  process.exit(1);
}
