import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { compileFunction } from "node:vm";
import { withOptionTables } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import * as templates from "./index.js";
import { postgresSourceOptionsSchema } from "./sources/postgres-options.js";
import { yamlFolderSourceOptionsSchema } from "./sources/yaml-folder-options.js";
import { templateServiceOptionsSchema } from "./template-service-options.js";
import { folderWith } from "./testing/templates.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const [example, printed] = [blockOf("js"), blockOf("text")];

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(readme)?.[1];
  if (block === undefined) throw new Error(`The README has no ${language} block.`);
  return block;
}

/** Runs the example as it stands, but for its imports, in a folder of its own, and returns what it prints. */
async function runExample(): Promise<string> {
  const folder = await folderWith({});
  const inFolder = {
    createYamlFolderSource: (options: templates.YamlFolderSourceOptions) =>
      templates.createYamlFolderSource({ cwd: folder, ...options }),
  };
  const files = {
    mkdirSync: (path: string) => mkdir(join(folder, path), { recursive: true }),
    writeFileSync: (path: string, text: string) => writeFile(join(folder, path), text),
  };
  const modules = {
    "@tasker-observability/templates": { ...templates, ...inFolder },
    "node:fs": files,
  };
  const body = example
    .replace(/^import (\{.+\}) from (.+);$/gm, "const $1 = modules[$2];")
    .replace(/^(mkdirSync|writeFileSync)/gm, "await $1");
  const lines: string[] = [];
  const print = (...words: unknown[]): unknown =>
    lines.push(words.map((word) => (typeof word === "string" ? word : inspect(word))).join(" "));
  const run = compileFunction(`return (async () => {${body}})();`, ["modules", "console"]) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(modules, { log: print });
  return `${lines.join("\n")}\n`;
}

describe("the README", () => {
  it("has an example that prints what it says", async () => {
    expect(await runExample()).toBe(printed);
  });

  it("shows the options that the schemas have (npm run generate writes the tables)", async () => {
    const sourceOf = (name: string): URL => new URL(name, import.meta.url);
    const tables = {
      createTemplateService: {
        schema: templateServiceOptionsSchema,
        sources: [sourceOf("./template-service-options.ts")],
      },
      createYamlFolderSource: {
        schema: yamlFolderSourceOptionsSchema,
        sources: [sourceOf("./sources/yaml-folder-options.ts")],
      },
      createPostgresSource: {
        schema: postgresSourceOptionsSchema,
        sources: [sourceOf("./sources/postgres-options.ts")],
      },
    };
    await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
  });
});
