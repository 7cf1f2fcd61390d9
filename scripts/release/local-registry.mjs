import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mustRun } from "../packages/processes.mjs";
import { scope } from "../packages/tarballs.mjs";

/** The newest that runs on every Node that we support. Not a dependency: it would double what `npm start` installs. */
const manifest = {
  private: true,
  dependencies: { verdaccio: "6.8.0" },
  // Some mirrors of the registry do not have the tag "cjs" that it asks for.
  overrides: { "node-fetch": "2.7.0" },
};

/**
 * Starts an empty registry in this process, on a free port.
 *
 * @param work - a temporary folder.
 * @returns its URL; `npmrc`, the settings by which npm and pnpm take our scope from it; and how to close it.
 */
export async function startRegistry(work) {
  const home = join(work, "registry");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
  await mustRun("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: home });
  const { runServer } = createRequire(join(home, "package.json"))("verdaccio");
  // A path of its own: npm and pnpm remember what a URL answered.
  const prefix = `/${randomUUID()}/`;
  const server = await runServer({
    self_path: join(home, "config.yaml"),
    storage: join(home, "storage"),
    url_prefix: prefix,
    packages: { "**": { access: "$all", publish: "$all" } },
    log: { type: "stdout", level: "error" },
  });
  server.prependListener("request", (request) => {
    request.url = `/${request.url.slice(prefix.length)}`;
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}${prefix}`;
  return {
    url,
    npmrc: `${scope.slice(0, -1)}:registry=${url}\n${url.slice("http:".length)}:_authToken=none-needed\n`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
