import { resolveConfig } from "@tasker-observability/config";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";

/**
 * An application that waits for its worker and for nothing else: nothing but the worker keeps the process alive.
 * Prints what the worker logs, `running`, `at work` when a step runs, which never ends, and `stopped`. SIGTERM stops the worker.
 */
export async function runLibraryProgram(url: string, templates: string): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const worker = await createWorker({
    ...toWorkerOptions(
      resolveConfig(
        {
          common: { database: { url }, task_templates: { search_paths: [templates] } },
          worker: {
            namespaces: ["payments"],
            web: { enabled: false },
            shutdown: { drain_timeout_ms: 1_000 },
          },
        },
        { env: {} },
      ),
    ),
    handlers: { Test: () => (print("at work"), new Promise(() => undefined)) },
    logger: (_level, message) => print(message),
  });
  process.once("SIGTERM", () => void worker.stop().then(() => print("stop() has resolved")));
  await worker.start();
  print("running");
  await worker.stopped;
  print("stopped");
}
