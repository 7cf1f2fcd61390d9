import { createRequire } from "node:module";
import { join } from "node:path";
import { readmeHome } from "./readme-programs.mjs";
import { report } from "./report.mjs";
import { root, scope } from "./tarballs.mjs";

// The one that tsup builds with.
const fromTsup = createRequire(createRequire(join(root, "package.json")).resolve("tsup"));
const { build } = fromTsup("esbuild");

/** Kilobytes that an application's bundle may gain by all that health exports. */
const mostKb = 160;

/**
 * Bundles health as it is installed, as an application for a browser or an edge runtime does.
 *
 * @param work - where `readmePrograms` installed the package.
 */
export async function checkBundles(work) {
  for (const platform of ["browser", "neutral"]) {
    const problem = await bundleProblem(readmeHome(work, "health"), platform);
    report(`health bundles for ${platform} in ${mostKb} KB`, problem);
  }
}

async function bundleProblem(home, platform) {
  const { errors, outputFiles } = await build({
    stdin: { contents: `export * from "${scope}health";`, resolveDir: home },
    bundle: true,
    minify: true,
    platform,
    format: "esm",
    mainFields: ["module", "main"],
    write: false,
    logLevel: "silent",
  }).catch((failure) => failure);
  if (errors.length > 0) return errors.map(({ text }) => text).join("\n");
  const [{ text, contents }] = outputFiles;
  if (/["']node:/.test(text)) return "A module of Node's is left in it.";
  const kb = Math.ceil(contents.length / 1_000);
  return kb <= mostKb ? null : `It has ${kb} KB: look for \`import { z } from "zod"\`.`;
}
