import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default defineConfig(
  library({
    index: "src/index.ts",
    "command-line/index": "src/command-line/index.ts",
    "options/index": "src/options/index.ts",
  }),
);
