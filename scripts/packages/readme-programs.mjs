import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, readInstallLine } from "./install.mjs";
import { inTwos } from "./processes.mjs";
import { readCases, toCommonJs } from "./readme-cases.mjs";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

const kinds = { mjs: "ESM", cjs: "CJS", sh: "a script" };

const jsExample = (readme) => /```js\n([\s\S]*?)```/.exec(readme)?.[1];
/** The first block is the installation. */
const shellExample = (readme) => [...readme.matchAll(/```sh\n([\s\S]*?)```/g)][1]?.[1];

/** Each package's README example, installed from its own tarball in an empty folder: as ESM and as CJS; a command's, as a shell script. */
export async function readmePrograms(packages, work, databases) {
  const programs = await inTwos(packages, async ({ folder, name, main }) => {
    const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
    const isCommand = main === undefined;
    const [example, cases] = [
      isCommand ? shellExample(readme) : jsExample(readme),
      readCases(readme),
    ];
    report(
      `${name}: README has an example and what it prints`,
      example !== undefined && cases.length > 0 ? null : "none found",
    );
    if (example === undefined) return [];
    const home = join(work, folder);
    mkdirSync(home);
    await install("npm", home, { private: true, dependencies: readInstallLine(readme) }, packages);
    const files = isCommand ? { sh: example } : { mjs: example, cjs: toCommonJs(example) };
    return inTwos(Object.entries(files), async ([extension, text]) => {
      writeFileSync(join(home, `example.${extension}`), text);
      const what = `${name}: README example as ${kinds[extension]}`;
      return {
        what,
        home,
        runner: isCommand ? "sh" : process.execPath,
        file: `example.${extension}`,
        url: await databases.create(`${folder}-${extension}`),
        cases,
        answers: [],
      };
    });
  });
  return programs.flat();
}
