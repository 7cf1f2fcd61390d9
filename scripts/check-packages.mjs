// Packs every package as npm would get it, has the tarballs checked, and runs each README's example
// from its own tarball in an empty folder, as ESM and as CJS.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbeddedPostgres } from "../packages/worker/dist/embedded-postgres/index.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const scope = "@tasker-observability/";
/** What an example needs beside its package, as its README's install line says. */
const companions = { core: ["pg"], health: ["pg"], "http-express": [`${scope}health`] };
const exampleTimeoutMs = 60_000;

const work = mkdtempSync(join(tmpdir(), "tasker-packages-"));
const server = await startEmbeddedPostgres();
let failures = 0;
try {
  const packages = publishable().map((manifest) => ({ ...manifest, tarball: pack(manifest) }));
  for (const one of packages) checkTarball(one);
  for (const one of packages) await checkExample(one, packages);
} finally {
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
console.log(failures === 0 ? "packages: all good" : `packages: ${failures} problems`);
process.exitCode = failures === 0 ? 0 : 1;

function publishable() {
  return readdirSync(join(root, "packages"))
    .map((folder) => ({ folder, file: join(root, "packages", folder, "package.json") }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, ...JSON.parse(readFileSync(file, "utf8")) }))
    .filter((manifest) => manifest.private !== true);
}

function pack({ folder, name }) {
  const { stdout } = run("npx", ["-y", packageManager, "pack", "--json", "--pack-destination", work], join(root, "packages", folder));
  const { filename } = JSON.parse(stdout);
  console.log(`${name}: packed`);
  return filename;
}

function checkTarball({ name, tarball }) {
  report(`${name}: publint`, run(bin("publint"), [tarball, "--strict"], root, false));
  report(`${name}: types resolve`, run(bin("attw"), [tarball, "--profile", "node16"], root, false));
}

async function checkExample({ folder, name }, packages) {
  const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1];
  if (example === undefined) return report(`${name}: README has a js example`, { status: 1, stdout: "", stderr: "none found" });
  const home = mkdtempSync(join(work, `${folder}-`));
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  // Nothing is published yet: the workspace's own dependencies are installed from their tarballs too.
  const wanted = companions[folder] ?? [];
  const found = new Map();
  for (const one of [name, ...wanted.filter((companion) => companion.startsWith(scope))]) withDependencies(one, packages, found);
  const tarballs = [...found.values()].map(({ tarball }) => tarball);
  const others = versions(wanted.filter((companion) => !companion.startsWith(scope)));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs, ...others], home);
  writeFileSync(join(home, "example.mjs"), example);
  writeFileSync(join(home, "example.cjs"), toCommonJs(example));
  report(`${name}: README example as ESM`, await runExample(home, "example.mjs"));
  report(`${name}: README example as CJS`, await runExample(home, "example.cjs"));
}

/** Gathers a package and all of the workspace that it depends on. */
function withDependencies(name, packages, found) {
  const one = packages.find((candidate) => candidate.name === name);
  if (one === undefined || found.has(name)) return;
  found.set(name, one);
  for (const dependency of Object.keys(one.dependencies ?? {})) if (dependency.startsWith(scope)) withDependencies(dependency, packages, found);
}

function versions(names) {
  const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  return names.map((name) => `${name}@${new RegExp(`^  ${name}: (.+)$`, "m").exec(catalog)?.[1] ?? "latest"}`);
}

/** The same lines, as somebody without ES modules writes them. */
function toCommonJs(example) {
  const lines = example
    .replace(/^import (\w+), \{([^}]*)\} from ("[^"]+");/gm, "const $1 = require($3), {$2} = $1;")
    .replace(/^import \{([^}]*)\} from ("[^"]+");/gm, (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = require(${from});`)
    .replace(/^import (\w+) from ("[^"]+");/gm, "const $1 = require($2);");
  return `(async () => {\n${lines}\n})().catch((error) => { console.error(error); process.exit(1); });\n`;
}

/** An example may serve for ever: it has done its part once it has printed something. */
function runExample(home, file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], { cwd: home, env: { ...process.env, DATABASE_URL: server.url, PORT: "0" } });
    let stdout = "";
    let stderr = "";
    const timer = setTimeout(() => child.kill("SIGTERM"), exampleTimeoutMs);
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      setTimeout(() => child.kill("SIGTERM"), 2_000);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ status: stdout !== "" && (code === 0 || signal === "SIGTERM") ? 0 : 1, stdout, stderr });
    });
  });
}

function bin(name) {
  return join(root, "node_modules", ".bin", name);
}

function run(command, args, cwd, mustPass = true) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith("npm_config_")));
  const result = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (mustPass && result.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${result.stdout}\n${result.stderr}`);
  return result;
}

function report(what, { status, stdout, stderr }) {
  if (status === 0) return console.log(`${what}: ok`);
  failures += 1;
  console.error(`${what}: FAILED\n${stdout}\n${stderr}`);
}
