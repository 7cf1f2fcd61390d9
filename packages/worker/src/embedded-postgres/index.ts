export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from "./embedded-postgres.js";
export type { EmbeddedPostgresExit } from "./server-life.js";
export { installPgmq, type PgmqConnection, type PgmqInstallation } from "../pgmq-install/index.js";
