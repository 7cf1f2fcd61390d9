import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** npm hands its own settings down as npm_config_*; what is started here reads the files of settings itself. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(config|package)_/.test(name)),
);

/**
 * The steps of a release, in a clone of the repository.
 *
 * @param root - the clone's folder.
 * @param env - added to the environment of what is run.
 */
export function releaseSteps(root, env = {}) {
  const read = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const run = async (command, ...args) => {
    const options = { cwd: root, env: { ...inherited, ...env }, stdio: "inherit" };
    const [status] = await once(spawn(command, args, options), "close");
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed (${status}).`);
  };
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();
  const manifests = () =>
    readdirSync(join(root, "packages"))
      .map((name) => join("packages", name, "package.json"))
      .filter((file) => existsSync(join(root, file)))
      .map(read)
      .filter((manifest) => manifest.private !== true);
  const version = () => {
    const [{ version: shared }] = manifests();
    return shared;
  };

  return {
    version,
    names: () => manifests().map(({ name }) => name),

    /** Gives all packages their next version and changelogs, and commits that; does nothing where no changeset waits. */
    async bump() {
      if (git("status", "--porcelain") !== "")
        throw new Error("The working tree has changes: commit or discard them first.");
      const waiting = readdirSync(join(root, ".changeset")).filter(
        (name) => name.endsWith(".md") && name !== "README.md",
      );
      if (waiting.length === 0) return;
      await run("npx", "-y", read("package.json").packageManager, "install", "--frozen-lockfile");
      await run("npx", "changeset", "version");
      setVersionElsewhere(root, version());
      await run(
        "npx",
        "prettier",
        "--write",
        "--log-level",
        "warn",
        "packages/*/{CHANGELOG.md,package.json}",
      );
      await run("git", "add", "--all");
      await run("git", "commit", "--quiet", "--message", `Release ${version()}`);
    },

    /** Installs what the lock file names, and builds with types. */
    async build() {
      await run("node", "scripts/prepare.mjs", "--types");
    },

    /** What has to pass before anything is published. */
    async check() {
      await run("npm", "run", "--silent", "lint");
      await run("npm", "run", "--silent", "typecheck");
      await run("node", "scripts/check-packages.mjs");
      await run("npm", "test");
    },

    /** Publishes what the registry does not have yet, dependencies first, and tags the commit. */
    async publish(...options) {
      const { packageManager } = read("package.json");
      await run(
        "npx",
        "-y",
        packageManager,
        "--recursive",
        "publish",
        "--no-git-checks",
        ...options,
      );
      const tag = `v${version()}`;
      if (git("tag", "--list", tag) === "")
        await run("git", "tag", "--annotate", tag, "--message", tag);
    },
  };
}

/** The examples' dependencies and the Ruby client say the version too. */
function setVersionElsewhere(root, version) {
  const edit = (file, change) => {
    const path = join(root, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  };
  for (const name of readdirSync(join(root, "examples"))) {
    const file = join("examples", name, "package.json");
    if (existsSync(join(root, file)))
      edit(file, (text) =>
        text.replaceAll(/("@tasker-observability\/[\w-]+": )"[^"]+"/g, `$1"^${version}"`),
      );
  }
  edit("clients/ruby/tasker-observability.gemspec", (text) =>
    text.replace(/(spec\.version = )"[^"]+"/, `$1"${version}"`),
  );
}
