import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint, Linter } from "eslint";
import { importX } from "eslint-plugin-import-x";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const eslint = new ESLint({ cwd: root });

async function isRefused(file: string, code: string, rule = "no-restricted-syntax") {
  const config = (await eslint.calculateConfigForFile(file)) as {
    readonly rules: Linter.RulesRecord;
  };
  const rules = { [rule]: config.rules[rule] ?? "off" };
  const languageOptions = { globals: { Buffer: "readonly", process: "readonly" } } as const;
  return new Linter().verify(code, { languageOptions, rules }).length > 0;
}

describe("AbortSignal.any, which loses a time-out to the garbage collector,", () => {
  it.each([
    "packages/worker/src/worker.ts",
    "packages/core/src/clock.test.ts",
    "packages/testkit/src/wait-for.ts",
    "tests/programs/library-app.mjs",
    "scripts/prepare.mjs",
    "vitest.config.ts",
    "eslint.config.js",
  ])("is rejected in %s", async (file) => {
    for (const any of ["AbortSignal.any", 'AbortSignal["any"]', "globalThis.AbortSignal.any"])
      expect(await isRefused(file, `${any}([signal, AbortSignal.timeout(1)]);`)).toBe(true);
    expect(await isRefused(file, "AbortSignal.timeout(1);")).toBe(false);
  });
});

describe("a name that stood for a term of the field", () => {
  it.each([
    "told",
    "tellAll",
    "#givenBack",
    "refuseUnknown",
    "PlantedSecret",
    "Served",
    "describeProblems",
    "holdsProcess",
    "isHeld",
    "#holding",
  ])("is rejected: %s", async (name) => {
    const code = name.startsWith("#") ? `class A { ${name} = 1; }` : `const ${name} = 1;`;
    expect(await isRefused("scripts/prepare.mjs", code)).toBe(true);
    expect(await isRefused("packages/core/src/clock.test.ts", code)).toBe(true);
  });

  it.each([
    "observer",
    "teller",
    "refused",
    "plantation",
    "problems",
    "isPlaceholder",
    "threshold",
  ])("is another: %s", async (name) => {
    expect(await isRefused("packages/core/src/clock.ts", `const ${name} = 1;`)).toBe(false);
  });
});

describe("a word that stood for a term of the field", () => {
  it("is rejected in prose and in names, unless it is a lock or a slot that is held", () => {
    const { stdout } = spawnSync(
      join(root, "node_modules/.bin/cspell"),
      ["--no-progress", "--no-summary", "--words-only", "stdin://docs/operations.md"],
      {
        cwd: root,
        input:
          "The file holds a key. The rules hold for `holdsProcess`.\nA worker holds an advisory lock.\nThe slot that a step holds.",
        encoding: "utf8",
      },
    );
    expect(stdout.trim().split("\n")).toEqual(["holds", "hold", "holds"]);
  });
});

describe("the folders of the worker", () => {
  const folders = [
    "queues",
    "claiming",
    "notification-listener",
    "settling",
    "running",
    "events",
    "engine",
    "watchdogs",
    "database",
    "preparation",
    "templates",
    "transports",
  ];
  const source = `${root}packages/worker/src`;

  /** Whether a file in one folder may import a file of another. */
  async function mayImport(folder: string, other: string): Promise<boolean> {
    const filename = `${source}/${folder}/${firstFileIn(`${source}/${folder}`)}`;
    const { rules, settings } = (await eslint.calculateConfigForFile(filename)) as Linter.Config;
    const name = "import/no-restricted-paths";
    const messages = new Linter({ cwd: root }).verify(
      `import "../${other}/${firstFileIn(`${source}/${other}`).replace(".ts", ".js")}";`,
      {
        files: ["**/*.ts"],
        plugins: { import: importX },
        settings: settings ?? {},
        rules: { [name]: rules?.[name] ?? "off" },
      },
      { filename },
    );
    return !messages.some(({ ruleId }) => ruleId === name);
  }

  function firstFileIn(folder: string): string {
    return readdirSync(folder).find((name) => /(?<!\.test)\.ts$/.test(name)) ?? "";
  }

  it("import one another in one direction: no circle of folders is possible", async () => {
    const imports = new Map<string, readonly string[]>();
    for (const folder of folders) {
      const allowed = [];
      for (const other of folders)
        if (other !== folder && (await mayImport(folder, other))) allowed.push(other);
      imports.set(folder, allowed);
    }
    const reaches = (folder: string, path: readonly string[] = []): readonly string[] =>
      path.includes(folder)
        ? [...path, folder]
        : (imports.get(folder) ?? []).flatMap((next) => reaches(next, [...path, folder]));
    expect(imports.get("engine")).toContain("running");
    expect(folders.flatMap((folder) => reaches(folder))).toEqual([]);
  });

  it("do not import the modules that assemble them", async () => {
    for (const folder of folders)
      for (const above of ["bootstrap", "command"])
        expect([folder, above, await mayImport(folder, above)]).toEqual([folder, above, false]);
  });
});

describe("a package that runs without Node", () => {
  const importsOf = (name: string) => `import ${JSON.stringify(name)};`;

  it.each(["redact", "core", "postgres", "health", "metrics"])(
    "may not import node:fs or node:net: %s",
    async (name) => {
      const file = `packages/${name}/src/index.ts`;
      for (const module of ["node:fs", "node:net", "fs", "fs/promises", "node:child_process"])
        expect(await isRefused(file, importsOf(module), "no-restricted-imports")).toBe(true);
      expect(await isRefused(file, importsOf("zod"), "no-restricted-imports")).toBe(false);
    },
  );

  it("may not use Buffer or process, and its tests may use all", async () => {
    for (const code of ["Buffer.from('');", "process.cwd();"])
      expect(await isRefused("packages/core/src/index.ts", code, "no-restricted-globals")).toBe(
        true,
      );
    const test = "packages/core/src/index.test.ts";
    expect(await isRefused(test, "process.cwd();", "no-restricted-globals")).toBe(false);
    expect(await isRefused(test, importsOf("node:fs"), "no-restricted-imports")).toBe(false);
  });

  it("may import what metrics needs to push and to watch Node", async () => {
    const file = "packages/metrics/src/index.ts";
    for (const module of ["node:http", "node:perf_hooks", "node:buffer"])
      expect(await isRefused(file, importsOf(module), "no-restricted-imports")).toBe(false);
  });
});
