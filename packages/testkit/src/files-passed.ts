import { mkdtemp, readFile, rm } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { spawnNode } from "./spawn-node.js";

const packages = fileURLToPath(new URL("../..", import.meta.url));

/** What to run, as text of a module. It imports the packages by name, and finds others as `packageFolder` does. */
export interface MeasuredProgram {
  readonly packageFolder: string;
  /** Runs once; declares what `run` needs. */
  readonly setUp: string;
  /** An async function expression. It is called twice before it is looked at. */
  readonly run: string;
}

/**
 * Counts what a call passes, by V8's precise coverage: the packages' source files of which a function is called while `run`
 * runs for the third time, with the number of those functions. Types, constants and what only loads do not count.
 */
export async function filesPassed(program: MeasuredProgram): Promise<ReadonlyMap<string, number>> {
  const folder = await mkdtemp(join(program.packageFolder, "node_modules", ".testkit-"));
  const outfile = join(folder, "program.mjs");
  try {
    await build({
      stdin: { contents: toModule(program), loader: "ts", resolveDir: program.packageFolder },
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      packages: "external",
      plugins: [fromSources],
      sourcemap: "external",
      outfile,
      logLevel: "error",
    });
    const child = spawnNode([outfile]);
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`The measured program failed:\n${child.stderr.text()}`);
    const map = JSON.parse(await readFile(`${outfile}.map`, "utf8")) as SourceMapPayload;
    const offsets = JSON.parse(child.stdout.text()) as readonly number[];
    return countByFile(await readFile(outfile, "utf8"), new SourceMap(map), offsets, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The packages as they stand, not as they were built. */
const fromSources: Plugin = {
  name: "from-sources",
  setup(bundling) {
    bundling.onResolve({ filter: /^@tasker-observability\// }, ({ path }) => {
      const [, name = "", entry = "."] = path.split("/");
      return { path: join(packages, name, "src", entry, "index.ts") };
    });
  },
};

function toModule({ setUp, run }: MeasuredProgram): string {
  return `import { Session } from "node:inspector/promises";
${setUp}
const run = ${run};
await run();
await run();
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
await session.post("Profiler.takePreciseCoverage");
await run();
const { result } = await session.post("Profiler.takePreciseCoverage");
const { functions } = result.find(({ url }) => url === import.meta.url);
const called = functions.map(({ ranges }) => ranges[0]).filter(({ count }) => count > 0);
process.stdout.write(JSON.stringify(called.map(({ startOffset }) => startOffset)), () => process.exit());`;
}

function countByFile(
  text: string,
  map: SourceMap,
  offsets: readonly number[],
  folder: string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const offset of offsets) {
    const before = text.slice(0, offset).split("\n");
    const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
    if (!("originalSource" in entry)) continue;
    const file = relative(packages, join(folder, entry.originalSource));
    if (/^[a-z-]+\/src\//.test(file)) counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}
