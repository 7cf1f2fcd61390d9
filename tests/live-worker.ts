import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SpawnedProcess, spawnNode } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";

/** How a worker is deployed; see docs/library-deployment-patterns.md. */
export type Mode = "Full" | "Library" | "Headless";
export const modes: readonly Mode[] = ["Full", "Library", "Headless"];

/** A worker in a process of its own. */
export interface LiveWorker {
  readonly process: SpawnedProcess;
  readonly socketPath: string;
}

export interface LiveWorkerOptions {
  /** The database's, with PGMQ or the right to install it. */
  readonly url: string;
  /** Whether other processes can reach it. @default true */
  readonly hasTransport?: boolean | undefined;
  /** Where HTTP listens, or would. @default a free port of 127.0.0.1 */
  readonly bindAddress?: string | undefined;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const commandLines: Readonly<Record<Mode, readonly string[]>> = {
  Full: [
    file("../packages/worker/bin/tasker-worker.js"),
    "--handlers",
    file("programs/answer-all.mjs"),
  ],
  Headless: [
    file("../packages/worker/bin/tasker-worker.js"),
    "--handlers",
    file("programs/answer-all.mjs"),
  ],
  Library: [file("programs/library-app.mjs")],
};

/** Starts a worker, as it is built, with the bridge's sample templates and everything allowed; it is killed when the test ends. */
export async function startLiveWorker(mode: Mode, options: LiveWorkerOptions): Promise<LiveWorker> {
  const folder = await mkdtemp(join(tmpdir(), "live-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const socketPath = join(folder, "worker.sock");
  await writeFile(join(folder, "worker.toml"), configuration(mode, options, socketPath));
  const env = {
    ...process.env,
    TASKER_CONFIG_PATH: join(folder, "worker.toml"),
    DATABASE_URL: options.url,
    ...options.env,
  };
  return {
    process: spawnNode(["--import", file("programs/report-packages.mjs"), ...commandLines[mode]], {
      env,
    }),
    socketPath,
  };
}

/** Resolves once all functions of the catalogue have answered in the worker's process. */
export async function untilAnswered({ process: worker }: LiveWorker): Promise<string[]> {
  return (await worker.waitForLine(/^answered /, 30_000)).split(" ").slice(1);
}

function configuration(
  mode: Mode,
  { hasTransport = true, bindAddress = "127.0.0.1:0" }: LiveWorkerOptions,
  socketPath: string,
): string {
  return `
[common.execution]
environment = "test"
[common.database]
url = "\${DATABASE_URL}"
[common.task_templates]
search_paths = ["${file("../packages/ffi-bridge/src/testing/templates")}/*.yaml"]
[worker]
worker_id = "sample-1"
namespaces = ["payments"]
[worker.web]
enabled = ${mode === "Full"}
bind_address = "${bindAddress}"
[worker.web.endpoints]
cache_operations_enabled = true
[worker.bridge]
socket_path = "${hasTransport ? socketPath : ""}"
writes_enabled = true
`;
}
