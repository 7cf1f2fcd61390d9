export { installPgmq, type PgmqConnection, type PgmqInstallation } from "./install-pgmq.js";
