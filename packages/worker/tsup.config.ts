import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(
    {
      index: "src/index.ts",
      "embedded-postgres/index": "src/embedded-postgres/index.ts",
      "bin/tasker-worker": "src/bin/tasker-worker.ts",
    },
    // Programs and SQL are found from the module's own place, which CJS does not call import.meta.url.
    { shims: true },
  ),
);
