import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library(
    { index: "src/index.ts", "install/index": "src/install/index.ts" },
    // The SQL is found from the module's own place, which CJS does not call import.meta.url.
    { shims: true },
  ),
);
