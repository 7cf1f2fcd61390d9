import type { Options } from "tsup";

/** One build for every package: ESM and CJS, each with its own types, nothing bundled from outside. */
export function library(entry: Record<string, string>, options: Options = {}): Options {
  return {
    entry,
    format: ["esm", "cjs"],
    target: "node20",
    platform: "node",
    splitting: true,
    sourcemap: false,
    clean: true,
    esbuildOptions: (esbuild, { format }) => {
      // tsup gives CommonJS to sucrase, which takes a class with fields for an expression: Node would print `_class` for an error.
      esbuild.keepNames = format === "cjs";
    },
    // Types take most of a build's time, and only those who install a package need them.
    dts:
      process.env.BUILD_TYPES === "no"
        ? false
        : { compilerOptions: { composite: false, incremental: false } },
    ...options,
  };
}
