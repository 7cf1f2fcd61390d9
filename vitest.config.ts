import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { closingLine } from "./scripts/closing-line.js";

const packages = fileURLToPath(new URL("./packages", import.meta.url));

/** Tests read the sources, as the check-only tsconfig does, so that neither can pass on a stale build. */
export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^@tasker-observability\/([a-z-]+)\/([a-z-]+)$/,
        replacement: `${packages}/$1/src/$2/index.ts`,
      },
      { find: /^@tasker-observability\/([a-z-]+)$/, replacement: `${packages}/$1/src/index.ts` },
    ],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: ["packages/testkit/src/global-setup.ts"],
    reporters: ["default", closingLine],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process and a module graph for each of hundreds of small files took longer than their tests.
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
