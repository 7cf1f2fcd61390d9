import { Secret } from "@tasker-observability/config";
import type { SettingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { assertUsableUrl } from "./assert-usable-url.js";
import { embeddedDatabase, startEmbeddedServer } from "./embedded-server.js";
import { openGivenDatabase } from "./open-given-database.js";
import { openPool } from "./open-pool.js";
import type { DatabaseContext, OpenDatabase } from "./opened-database.js";

/** Where the worker's database is, and how it is used. */
export interface DatabaseSettings extends Pick<
  WorkerSettings,
  "acquireTimeoutMs" | "database" | "listenUrl" | "poolSize" | "preparedStatements"
> {
  readonly names: Pick<SettingNames, "database" | "listenUrl">;
}

/**
 * Opens a pool on the server that the URL names, or on an embedded one where there is no URL. A pool that was given is used as
 * it is.
 *
 * @param onRestart - called where the embedded server has ended by itself and runs again, maybe without its data.
 * @throws WorkerStartError where the embedded server does not start, or where the driver can make nothing of a URL.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  context: DatabaseContext,
  onRestart: () => void = () => undefined,
): Promise<OpenDatabase> {
  const { database, listenUrl, names } = settings;
  const listenTo = listenUrl?.reveal();
  if (listenTo !== undefined) assertUsableUrl(names.listenUrl, listenTo);
  if (database !== undefined && !(database instanceof Secret))
    return openGivenDatabase(database, { ...settings, listenTo }, context);
  if (database !== undefined) {
    assertUsableUrl(names.database, database.reveal());
    return openPool(database.reveal(), { ...settings, listenTo }, context);
  }
  const server = await startEmbeddedServer(context, onRestart);
  const opened = openPool(server.url, { ...settings, listenTo }, context);
  return {
    ...opened,
    database: embeddedDatabase(opened.database, server),
    close: () => opened.close().then(() => server.stop()),
  };
}
