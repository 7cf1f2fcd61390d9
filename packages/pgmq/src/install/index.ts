export {
  changeSchema,
  type PgmqConnection,
  type SchemaChangeOptions,
  toPgmqConnection,
} from "./change-schema.js";
export { installPgmq, type PgmqInstallation } from "./install-pgmq.js";
export { PgmqInstallError } from "./pgmq-install-error.js";
