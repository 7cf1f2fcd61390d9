import { isGivenPool, connectionSettingsOf } from "../options/database-option.js";
import type { SettingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { assertUsableUrl } from "./assert-usable-url.js";
import { embeddedDatabase, startEmbeddedServer } from "./embedded-server.js";
import { openGivenDatabase } from "./open-given-database.js";
import { openPool } from "./open-pool.js";
import { withPassword } from "./with-password.js";
import type { DatabaseContext, DatabaseHandle } from "./database-handle.js";

/** How to reach and use the worker's database. */
export interface DatabaseSettings extends Pick<
  WorkerSettings,
  "acquireTimeoutMs" | "database" | "listenUrl" | "poolSize" | "preparedStatements"
> {
  readonly names: Pick<SettingNames, "database" | "listenUrl">;
}

/**
 * Opens a pool on the server that the URL names, or on an embedded server without a URL. A given pool is used
 * unchanged.
 *
 * @param onRestart - called after the embedded server has restarted; its data may be lost.
 * @throws WorkerStartError if the embedded server does not start, or if the driver cannot use a URL.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  context: DatabaseContext,
  onRestart: () => void = () => undefined,
): Promise<DatabaseHandle> {
  const { database, listenUrl, names } = settings;
  if (listenUrl !== undefined) assertUsableUrl(names.listenUrl, listenUrl.reveal());
  if (isGivenPool(database))
    return openGivenDatabase(database, { ...settings, listenTarget: listenUrl?.reveal() }, context);
  const { url, password } = connectionSettingsOf(database) ?? {};
  const listenTarget = listenUrl && withPassword(listenUrl.reveal(), password);
  if (url !== undefined) {
    assertUsableUrl(names.database, url.reveal());
    return openPool(withPassword(url.reveal(), password), { ...settings, listenTarget }, context);
  }
  const server = await startEmbeddedServer(context, names.database, onRestart);
  const opened = openPool(server.url, { ...settings, listenTarget }, context);
  return {
    ...opened,
    database: embeddedDatabase(opened.database, server),
    close: () => opened.close().then(() => server.stop()),
  };
}
