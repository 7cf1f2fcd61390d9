import { mkdtemp, rm } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

export interface NodeBundle {
  /** The program, to be run by Node. */
  readonly file: string;
  remove(): Promise<void>;
}

/**
 * Makes a program for a child process out of TypeScript, so that tests with real processes run the sources and not a stale build.
 *
 * @param source the program's text; it imports by absolute path, or what `packageFolder` can import.
 * @param packageFolder the package whose dependencies it finds at run time.
 */
export async function bundleForNode(
  source: string,
  packageFolder: string,
  format: "esm" | "cjs" = "esm",
): Promise<NodeBundle> {
  mkdirSync(join(packageFolder, "node_modules"), { recursive: true });
  const folder = await mkdtemp(join(packageFolder, "node_modules", ".testkit-"));
  const file = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
  await build({
    stdin: { contents: source, loader: "ts", resolveDir: packageFolder },
    bundle: true,
    platform: "node",
    target: "node20",
    format,
    packages: "external",
    outfile: file,
    logLevel: "error",
  });
  return { file, remove: () => rm(dirname(file), { recursive: true, force: true }) };
}
