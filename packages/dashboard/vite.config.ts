import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page: one HTML file, one script and one style sheet, whose URLs are relative so that any mount path serves them. */
export default defineConfig({
  root: folder("src/page"),
  base: "./",
  build: {
    outDir: folder("dist/page"),
    emptyOutDir: true,
    target: "es2022",
    // The polyfill would be an inline script's work, and there is one script only.
    modulePreload: false,
    assetsInlineLimit: 0,
  },
});
