import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bundleForNode,
  type NodeBundle,
  spawnNode,
  type SpawnedProcess,
} from "@tasker-observability/testkit";

const workerFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A program contains the sources of all packages of ours, and finds what any of them depends on. */
const NODE_PATH = [
  "config",
  "core",
  "ffi-bridge",
  "health",
  "http-express",
  "metrics",
  "templates",
  "worker",
]
  .map((name) => join(workerFolder, "..", name, "node_modules"))
  .join(delimiter);

/** Makes a program of a function that a file of this folder exports; the function is given the program's arguments. */
export function bundleWorkerProgram(file: string, functionName: string): Promise<NodeBundle> {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url));
  return bundleForNode(
    `import { ${functionName} } from ${JSON.stringify(path)}; void ${functionName}(...process.argv.slice(2));`,
    workerFolder,
    "cjs",
  );
}

/** Runs such a program in a process of its own, until the test ends. */
export function spawnProgram(bundle: NodeBundle, ...args: readonly string[]): SpawnedProcess {
  return spawnNode([bundle.file, ...args], { env: { ...process.env, NODE_PATH } });
}
