import type { Settings } from "@tasker-observability/config";
import { namesInFiles } from "../options/setting-names.js";
import { WorkerStartError } from "../start-error.js";

/**
 * The URL of the database that the configuration names.
 * @throws WorkerStartError if it names none.
 */
export function requireDatabaseUrl({ common }: Pick<Settings, "common">): string {
  const { url } = common.database;
  if (url.empty)
    throw new WorkerStartError(
      `This command needs a database: set ${namesInFiles.database}. The embedded database stops with its worker, so these commands cannot reach it.`,
    );
  return url.reveal();
}
