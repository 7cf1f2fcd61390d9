import { count, databaseUrl, flag, seconds, table, text } from "./field-kinds.js";
import { globList } from "./file-paths.js";

const pool = table({
  max_connections: count(10, "connections", "The most connections that the worker's pool opens.", {
    max: 10_000,
  }),
  acquire_timeout_seconds: seconds(10, "How long a query waits for a free connection of the pool."),
});

const database = table({
  url: databaseUrl(
    "${DATABASE_URL:-}",
    "The PostgreSQL server, as a URL. Empty: the worker starts an embedded server.",
  ),
  listen_url: databaseUrl(
    "",
    "A direct URL for LISTEN if `url` is a transaction pooler. Empty: the same server.",
  ),
  prepared_statements: flag(
    true,
    "Whether statements may be prepared by name. If the server rejects one, the worker stops preparing statements.",
  ),
  pool,
});

const queueDepthThresholds = table({
  overflow_threshold: count(
    10_000,
    "messages",
    "A queue at least this deep degrades the queue_processing check.",
  ),
});

/** `[common]`: what all processes of an installation share. */
export const commonSchema = table({
  execution: table({
    environment: text(
      "development",
      "The environment's name, which selects the folder of overrides. The variable TASKER_ENV takes precedence.",
      /^[A-Za-z0-9][\w.-]{0,63}$/,
      "must be a plain name, such as production: letters, digits, _ . and -",
    ),
  }),
  database,
  task_templates: table({
    search_paths: globList(
      "Globs of the template files, relative to the working directory. A glob that begins with ! excludes files.",
      ["config/tasks/**/*.{yml,yaml}"],
    ),
  }),
  queues: table({ pgmq: table({ queue_depth_thresholds: queueDepthThresholds }) }),
});
