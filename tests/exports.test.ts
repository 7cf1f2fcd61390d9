import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { publicEntries } from "../scripts/public-entries.mjs";

it.each(publicEntries())(
  "$name exports these names and no others (npm run generate writes them)",
  ({ source }) => {
    const { statements } = ts.createSourceFile(
      source,
      readFileSync(source, "utf8"),
      ts.ScriptTarget.ESNext,
    );
    expect(statements.flatMap(namesIn).sort()).toMatchSnapshot();
  },
);

/** What `export { a, type B } from "./a.js"` exports; an index contains nothing else. */
function namesIn(statement: ts.Statement): readonly string[] {
  if (
    !ts.isExportDeclaration(statement) ||
    statement.exportClause === undefined ||
    !ts.isNamedExports(statement.exportClause)
  )
    throw new Error("An index.ts contains only exports that name what they export.");
  return statement.exportClause.elements.map(({ name, isTypeOnly }) =>
    statement.isTypeOnly || isTypeOnly ? `type ${name.text}` : name.text,
  );
}
