import { cpSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, managers } from "./install.mjs";
import { inTwos, run } from "./processes.mjs";
import { readAnswers, readCases, toCommonJs } from "./readme-cases.mjs";
import { problemOf, report } from "./report.mjs";
import { bin, root } from "./tarballs.mjs";

/** The examples that a user could have written: they name what they need, and have typed lines beside. */
const usersIn = (examples) =>
  readdirSync(examples).filter((name) => readdirSync(join(examples, name)).includes("typed.mts"));

/** Every user's example, installed from a source in an empty folder: by each package manager, its types checked, as ESM and as CJS. */
export async function userPrograms({ source, work, databases, repository = root }) {
  const examples = join(repository, "examples");
  const installations = usersIn(examples).flatMap((user) =>
    managers.map((manager) => ({
      user,
      manager,
      what: `examples/${user} by ${manager}`,
      home: join(work, `${user}-${manager}`),
    })),
  );
  const programs = await inTwos(installations, async ({ user, manager, what, home }) => {
    mkdirSync(home);
    const from = join(examples, user);
    await install(
      manager,
      home,
      JSON.parse(readFileSync(join(from, "package.json"), "utf8")),
      source,
    );
    const example = readFileSync(join(from, "index.mjs"), "utf8");
    writeFileSync(join(home, "index.mjs"), example);
    writeFileSync(join(home, "index.cjs"), toCommonJs(example));
    cpSync(join(repository, "config"), join(home, "config"), { recursive: true });
    await checkTypes(what, home, join(from, "typed.mts"));
    const readme = readFileSync(join(from, "README.md"), "utf8");
    const [cases, answers] = [readCases(readme), readAnswers(readme)];
    report(
      `${what}: README says what it prints`,
      cases.length > 0 && (cases.some(({ stopped }) => stopped) || answers.length > 0)
        ? null
        : "not for both states of its database",
    );
    return inTwos(["mjs", "cjs"], async (extension) => ({
      what: `${what} as ${extension === "mjs" ? "ESM" : "CJS"}`,
      home,
      file: `index.${extension}`,
      url: await databases.create(`${user}-${manager}-${extension}`),
      cases,
      answers,
    }));
  });
  return programs.flat();
}

/** As TypeScript finds types for Node, in an ES module and in a CommonJS one, and as it does for a bundler. */
async function checkTypes(what, home, typed) {
  const [es, common, bundled] = ["typed.mts", "typed.cts", "typed.ts"];
  for (const file of [es, common, bundled]) copyFileSync(typed, join(home, file));
  const kinds = [
    {
      name: "node16",
      files: [es, common],
      compilerOptions: { module: "node16", moduleResolution: "node16" },
    },
    {
      name: "bundler",
      files: [bundled],
      compilerOptions: { module: "esnext", moduleResolution: "bundler" },
    },
  ];
  for (const { name, files, compilerOptions } of kinds) {
    const project = `tsconfig.${name}.json`;
    const strict = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: "es2022",
      lib: ["es2023"],
      types: ["node"],
      esModuleInterop: true,
      skipLibCheck: false,
    };
    writeFileSync(
      join(home, project),
      JSON.stringify({ files, compilerOptions: { ...strict, ...compilerOptions } }),
    );
    report(
      `${what}: types as ${name}`,
      problemOf(await run(bin("tsc"), ["-p", project], { cwd: home })),
    );
  }
}
