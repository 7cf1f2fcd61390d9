import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library({
    index: "src/index.ts",
    "pg/index": "src/pg/index.ts",
    "postgres/index": "src/postgres/index.ts",
    "pgmq/index": "src/pgmq/index.ts",
    "options/index": "src/options/index.ts",
  }),
);
