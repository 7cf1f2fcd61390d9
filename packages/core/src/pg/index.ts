export {
  fromPgPool,
  isPgPool,
  type PgAdapterOptions,
  type PgClientLike,
  type PgPoolLike,
} from "./from-pg-pool.js";
