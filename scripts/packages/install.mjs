import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./processes.mjs";
import { packageManager, root, scope } from "./tarballs.mjs";

const installers = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"],
  pnpm: ["npx", "-y", packageManager, "install", "--prefer-offline", "--ignore-workspace"],
};
export const managers = Object.keys(installers);

/** A source of the workspace's own packages: their tarballs, for those that others depend on too. */
export function fromTarballs(packages) {
  return {
    overrides: Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`])),
    npmrc: "",
  };
}

/** A source of the workspace's own packages: a registry that has them. */
export function fromRegistry({ npmrc }) {
  return { overrides: {}, npmrc };
}

/** Installs what a manifest asks for into an empty folder, the workspace's own packages from their source. */
export async function install(manager, home, manifest, { overrides, npmrc }) {
  const overridden = (wanted = {}) =>
    Object.fromEntries(
      Object.entries(wanted).map(([name, version]) => [name, overrides[name] ?? version]),
    );
  const { dependencies, devDependencies } = manifest;
  const written = {
    ...manifest,
    dependencies: overridden(dependencies),
    devDependencies: overridden(devDependencies),
  };
  writeFileSync(
    join(home, "package.json"),
    JSON.stringify({ ...written, overrides, pnpm: { overrides } }),
  );
  writeFileSync(join(home, ".npmrc"), npmrc);
  const [command, ...args] = installers[manager];
  await mustRun(command, args, { cwd: home, env: { CI: "true" } });
}

/** The dependencies that a README's install line names. @throws Error where there is none. */
export function readInstallLine(readme) {
  const line = /^npm (?:i|install) (.+)$/m.exec(readme)?.[1];
  if (line === undefined) throw new Error("The README has no line `npm install …`.");
  return Object.fromEntries(
    line
      .trim()
      .split(" ")
      .map((wanted) => {
        const [, name, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(wanted);
        return [name, version ?? (name.startsWith(scope) ? "*" : versionOf(name))];
      }),
  );
}

/** The workspace's own version, where it has one. */
function versionOf(name) {
  const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  return new RegExp(`^  ${name}: (.+)$`, "m").exec(catalog)?.[1] ?? "latest";
}
