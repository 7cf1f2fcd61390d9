import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  // PostgreSQL's programs are found from the module's own place, which CJS does not call import.meta.url.
  library({ index: "src/index.ts" }, { shims: true }),
);
