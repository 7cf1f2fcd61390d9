import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SpawnedProcess, spawnNode } from "@tasker-observability/testkit";

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `npm start` with a free port, without the variables of the tests' own process. */
export function npmStart(env: NodeJS.ProcessEnv = {}): SpawnedProcess {
  return spawnNode([npmCli(), "start"], { cwd: root, env: environment(env) });
}

/** npm's own program. */
export function npmCli(): string {
  const besideNode = join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  return existsSync(besideNode) ? besideNode : (process.env.npm_execpath ?? besideNode);
}

/** The variables of `npm start`. */
export function environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_ENV|VITEST|DATABASE_URL|TASKER_)/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
    TASKER_SAMPLE_STEPS_PER_SECOND: "20",
    ...env,
  };
}
