// Every name that a package exports, and every method of it, has a TSDoc comment, and the comments' links lead somewhere.
// The properties of an answer are described in its schema, from which docs and OpenAPI come.
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind } from "typedoc";
import { publicEntries } from "./public-entries.mjs";

const documented =
  ReflectionKind.TypeAlias |
  ReflectionKind.ClassOrInterface |
  ReflectionKind.Variable |
  ReflectionKind.FunctionOrMethod |
  ReflectionKind.Accessor;

const app = await Application.bootstrap({
  entryPoints: publicEntries()
    .filter(({ isPrivate }) => !isPrivate)
    .map(({ source }) => source),
  tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)),
  readme: "none",
  excludeInternal: true,
  skipErrorChecking: true, // `npm run typecheck` does that.
  logLevel: "Warn",
  validation: { invalidLink: true, notDocumented: false, notExported: false },
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);

const missing = project
  .getReflectionsByKind(documented)
  .filter(
    (reflection) =>
      !reflection.inheritedFrom && !isWithinVariable(reflection) && !hasComment(reflection),
  )
  .map((reflection) => reflection.getFullName());
for (const name of missing) console.error(`${name} has no TSDoc comment.`);
process.exitCode = missing.length + app.logger.errorCount + app.logger.warningCount > 0 ? 1 : 0;

/** @param {import("typedoc").Reflection} reflection */
function hasComment(reflection) {
  const signatures = reflection.signatures ?? [reflection.getSignature].filter(Boolean);
  return reflection.hasComment() || signatures.some((signature) => signature.hasComment());
}

/** @param {import("typedoc").Reflection} reflection */
function isWithinVariable({ parent }) {
  if (parent === undefined || parent === null) return false;
  return parent.kindOf(ReflectionKind.Variable) || isWithinVariable(parent);
}
