import { run } from "../packages/processes.mjs";
import { problemOf } from "../packages/report.mjs";

/** What every tarball contains, besides its code. */
const documents = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
const links = ["homepage", "bugs", "repository"];

/**
 * What is wrong with a package as the registry has it; null where nothing is.
 *
 * @param spec - its name and version.
 * @param npmrc - the file with the settings of the registry.
 */
export async function publishedProblem(spec, npmrc) {
  const ask = (...args) => run("npm", [...args, "--json", "--userconfig", npmrc], {});
  const [packed, shown] = [await ask("pack", spec, "--dry-run"), await ask("view", spec)];
  const failed = problemOf(packed) ?? problemOf(shown);
  if (failed !== null) return failed;
  const files = JSON.parse(packed.stdout)[0].files.map(({ path }) => path);
  const manifest = JSON.parse(shown.stdout);
  const ranges = Object.values({ ...manifest.dependencies, ...manifest.peerDependencies });
  const problems = [
    ...documents.filter((name) => !files.includes(name)).map((name) => `${name} is not in it.`),
    ...links.filter((name) => manifest[name] === undefined).map((name) => `It has no ${name}.`),
    ...ranges
      .filter((range) => /^(?:workspace|catalog):/.test(range))
      .map((range) => `It depends on ${range}.`),
  ];
  return problems.length === 0 ? null : problems.join("\n");
}
