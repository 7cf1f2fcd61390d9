import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library({ index: "src/index.ts", "bin/tasker-observability": "src/bin/tasker-observability.ts" }),
);
