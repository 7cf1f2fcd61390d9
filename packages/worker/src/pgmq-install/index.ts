export type { PgmqConnection, SchemaChangeOptions } from "./change-schema.js";
export { installPgmq, type PgmqInstallation } from "./install-pgmq.js";
