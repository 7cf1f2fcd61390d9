import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, readInstallLine } from "./install.mjs";
import { inTwos } from "./processes.mjs";
import { readCases, toCommonJs } from "./readme-cases.mjs";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

/** Each package's README example, installed from its own tarball in an empty folder: as ESM and as CJS. */
export async function readmePrograms(packages, work, databases) {
  const programs = await inTwos(packages, async ({ folder, name }) => {
    const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
    const [example, cases] = [/```js\n([\s\S]*?)```/.exec(readme)?.[1], readCases(readme)];
    report(
      `${name}: README has an example and what it prints`,
      example !== undefined && cases.length > 0 ? null : "none found",
    );
    if (example === undefined) return [];
    const home = join(work, folder);
    mkdirSync(home);
    await install("npm", home, { private: true, dependencies: readInstallLine(readme) }, packages);
    writeFileSync(join(home, "example.mjs"), example);
    writeFileSync(join(home, "example.cjs"), toCommonJs(example));
    return inTwos(["mjs", "cjs"], async (extension) => {
      const what = `${name}: README example as ${extension === "mjs" ? "ESM" : "CJS"}`;
      return {
        what,
        home,
        file: `example.${extension}`,
        url: await databases.create(`${folder}-${extension}`),
        cases,
        answers: [],
      };
    });
  });
  return programs.flat();
}
