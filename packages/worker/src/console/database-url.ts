import type { Settings } from "@tasker-observability/config";
import { namesInFiles } from "../options/setting-names.js";
import { CommandError } from "./command-error.js";

/**
 * The URL of the database that the configuration names.
 * @throws CommandError if it names none.
 */
export function requireDatabaseUrl({ common }: Pick<Settings, "common">): string {
  const { url } = common.database;
  if (url.empty)
    throw new CommandError(
      `This command needs a database: set ${namesInFiles.database}. The embedded database stops with its worker, so these commands cannot reach it.`,
    );
  return url.reveal();
}
