import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const requireEntry = (entry: string): string =>
  `require(${JSON.stringify(fileURLToPath(new URL(`./${entry}.ts`, import.meta.url)))});`;
const requireAll = ["index", "options/index"].map(requireEntry).join("\n");

describe("@tasker-observability/core", () => {
  it("loads no library at run time except zod, which reads options", async () => {
    const loaded = async (program: string) =>
      outputOf(
        `${program} const modules = Object.keys(require.cache).filter((file) => file !== __filename);
        console.log(new Set(modules.map((file) => /.*node_modules\\/(@[^/]+\\/[^/]+|[^/]+)/.exec(file)[1])));`,
      );
    expect(await loaded(requireEntry("index"))).toBe("Set(0) {}\n");
    expect(await loaded(requireAll)).toBe("Set(1) { 'zod' }\n");
  });

  it("has no side effects on import: no timer, no output, no read of the environment", async () => {
    const program = `
      const { env } = process;
      const read = [];
      process.env = new Proxy(env, { get: (_env, key) => void read.push(key), has: (_env, key) => void read.push(key), ownKeys: () => (read.push("all"), []) });
      ${requireAll}
      process.env = env;
      console.log(read, process.getActiveResourcesInfo().filter((kind) => kind === "Timeout" || kind === "Immediate"));`;
    expect(await outputOf(program)).toBe("[] []\n");
  });
});

async function outputOf(program: string): Promise<string> {
  const bundle = await bundleForNode(program, packageFolder, "cjs");
  const child = spawnNode([bundle.file]);
  await child.exited;
  await bundle.remove();
  return child.stdout.text() + child.stderr.text();
}
