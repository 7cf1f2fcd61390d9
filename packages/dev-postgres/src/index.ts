export {
  startEmbeddedPostgres,
  startRestartingPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type RestartingPostgres,
} from "./embedded-postgres.js";
export type { RestartOptions } from "./restarting-server.js";
export type { EmbeddedPostgresExit } from "./server-handle.js";
