import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromTarballs, install, managers, readInstallLine } from "./install.mjs";
import { inTwos } from "./processes.mjs";
import { missingInstall, readCases, toCommonJs } from "./readme-cases.mjs";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

const kinds = { mjs: "ESM", cjs: "CJS", sh: "a script" };

/** Where a package is installed as its README says. */
export function readmeHome(work, folder, manager = "npm") {
  return join(work, `${folder}-readme-${manager}`);
}

const jsExample = (readme) => /```js\n([\s\S]*?)```/.exec(readme)?.[1];
/** The first block is the installation. */
const shellExample = (readme) => [...readme.matchAll(/```sh\n([\s\S]*?)```/g)][1]?.[1];

/**
 * Each package's README example, installed as the README says from its own tarball in an empty folder: by each package
 * manager, as ESM and as CJS; a command's, as a shell script.
 */
export async function readmePrograms(packages, work, databases) {
  const source = fromTarballs(packages);
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
    const dependencies = readInstallLine(readme);
    report(`${name}: README installs what it imports`, missingInstall(readme, dependencies));
    const files = isCommand ? { sh: example } : { mjs: example, cjs: toCommonJs(example) };
    return inTwos(managers, async (manager) => {
      const home = readmeHome(work, folder, manager);
      mkdirSync(home);
      await install(manager, home, { private: true, dependencies }, source);
      return inTwos(Object.entries(files), async ([extension, text]) => {
        writeFileSync(join(home, `example.${extension}`), text);
        return {
          what: `${name} by ${manager}: README example as ${kinds[extension]}`,
          home,
          runner: isCommand ? "sh" : process.execPath,
          file: `example.${extension}`,
          url: await databases.create(`${folder}-${manager}-${extension}`),
          cases,
          answers: [],
        };
      });
    });
  });
  return programs.flat(2);
}
