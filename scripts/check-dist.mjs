// Runs before a package is published, in its folder: refuses a `dist` without types, or of another version.
import { basename } from "node:path";
import { buildDigest, preparedStamp } from "./build-digest.mjs";
import { validateDist } from "./validate-dist.mjs";

const folder = process.cwd();
const name = basename(folder);
const problems = validateDist(folder, preparedStamp.read().builds[name] === buildDigest(name));
for (const problem of problems)
  console.error(`packages/${name} is not published: ${problem} Run "npm run build".`);
process.exitCode = problems.length > 0 ? 1 : 0;
