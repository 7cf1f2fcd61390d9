import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";
import { packPage } from "./pack-page.js";

packPage();

// Vite has cleaned the folder, and its page is still needed by tests that read the sources.
export default defineConfig(library({ index: "src/index.ts" }, { clean: false }));
