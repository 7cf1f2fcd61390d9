import type { WorkerSettings } from "./worker-options.js";

/** The names of the settings, for messages that say what to change. */
export interface SettingNames {
  readonly database: string;
  readonly listenUrl: string;
  readonly namespaces: string;
  readonly workerId: string;
  readonly notifications: string;
  readonly http: string;
  /** The setting of the port, and what to set it to. */
  readonly httpPortAdvice: string;
  readonly heartbeatFile: string;
}

const inCode: SettingNames = {
  database: "database",
  listenUrl: "listenUrl",
  namespaces: "namespaces",
  workerId: "workerId",
  notifications: "notifications",
  http: "http",
  httpPortAdvice: "http.port to another port",
  heartbeatFile: "heartbeatFile",
};

/** The names in Tasker's files. */
export const namesInFiles: SettingNames = {
  database: "common.database.url (DATABASE_URL)",
  listenUrl: "common.database.listen_url",
  namespaces: "worker.namespaces",
  workerId: "worker.worker_id",
  notifications: "worker.notifications",
  http: "[worker.web]",
  httpPortAdvice: "TASKER_WEB_BIND_ADDRESS to another host:port",
  heartbeatFile: "worker.bridge.heartbeat_file",
};

/** The names in Tasker's files if the options come from them, else the names of the options. */
export function settingNames({ loadedConfig }: Pick<WorkerSettings, "loadedConfig">): SettingNames {
  return loadedConfig === undefined ? inCode : namesInFiles;
}
