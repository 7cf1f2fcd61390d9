import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(
    { "bin/tasker-observability": "src/bin/tasker-observability.ts" },
    // A command that nobody imports: one format, and no types.
    { format: ["cjs"], dts: false },
  ),
);
