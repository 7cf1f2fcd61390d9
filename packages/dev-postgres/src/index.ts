export {
  startEmbeddedPostgres,
  startRestartingPostgres,
  type EmbeddedPostgres,
  type RestartingPostgres,
} from "./embedded-postgres.js";
export type { EmbeddedPostgresOptions, RestartOptions } from "./embedded-postgres-options.js";
export type { EmbeddedPostgresExit } from "./server-handle.js";
