// TypeScript infers the type of a schema and writes it into a .d.ts without the comments of its properties, so that editors
// would show no text for an option. This copies the comments from the sources to the declarations that are built, and the
// summaries of the catalogue to the methods of the facade, whose names a mapped type makes.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { catalogue } from "../packages/core/dist/index.js";
import { publicEntries } from "./public-entries.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { options } = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), {}, ts.sys);
const entries = publicEntries().filter(({ isPrivate }) => !isPrivate);
const program = ts.createProgram(
  entries.map(({ source }) => source),
  options,
);
const checker = program.getTypeChecker();
const summaries = new Map(
  Object.values(catalogue).map(({ facade, summary }) => [facade, `/** ${summary} */`]),
);

for (const folder of new Set(entries.map(({ source }) => source.split(`${sep}src${sep}`)[0]))) {
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(join(folder, "src") + sep))
    .flatMap(declarationsIn);
  for (const name of readdirSync(join(folder, "dist"), { recursive: true }))
    if (/\.d\.c?ts$/.test(name)) documentFile(join(folder, "dist", name), sources);
}

function documentFile(file, sources) {
  const text = readFileSync(file, "utf8");
  const written = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const edits = declarationsIn(written)
    .flatMap((declaration) => {
      // The bundler appends a number to a name that two modules have.
      const name = declaration.name.text.replace(/\$\d+$/, "");
      const source = sources.find(
        (candidate) => candidate.name.text === name && candidate.kind === declaration.kind,
      );
      if (source === undefined || declaration.type === undefined) return [];
      const type = checker.getTypeAtLocation(source);
      return ts.isVariableDeclaration(declaration)
        ? commentsIn(declaration.type, type)
        : facadeIn(declaration.type, type);
    })
    .sort((one, other) => other.start - one.start);
  if (edits.length === 0) return;
  const apply = (edited, { start, end = start, inserted }) =>
    edited.slice(0, start) + inserted + edited.slice(end);
  writeFileSync(file, edits.reduce(apply, text));
}

/** The constants and the type aliases of a module. */
function declarationsIn({ statements }) {
  return statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) return [...statement.declarationList.declarations];
    return ts.isTypeAliasDeclaration(statement) ? [statement] : [];
  });
}

/** The comments that the properties of a written type lack, from the properties of the type that was written. */
function commentsIn(node, type) {
  if (ts.isTypeLiteralNode(node)) return node.members.flatMap((member) => commentsOf(member, type));
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node))
    return node.types.flatMap((part) => commentsIn(part, type));
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node))
    return commentsIn(node.type, type);
  const parts = ts.isArrayTypeNode(node) ? [node.elementType] : (node.typeArguments ?? []);
  const types = type.aliasTypeArguments ?? checker.getTypeArguments(type);
  return parts.flatMap((part, index) =>
    types[index] === undefined ? [] : commentsIn(part, types[index]),
  );
}

function commentsOf(member, type) {
  if (!ts.isPropertySignature(member) || member.type === undefined) return [];
  const property = checker.getNonNullableType(type).getProperty(member.name.text);
  if (property === undefined) return [];
  const inner = commentsIn(member.type, checker.getTypeOfSymbol(property));
  const comment = commentOf(property);
  if (comment === undefined || member.jsDoc !== undefined) return inner;
  const start = member.getStart();
  const indent = " ".repeat(member.getSourceFile().getLineAndCharacterOfPosition(start).character);
  const lines = comment.split("\n").map((line) => line.trim().replace(/^\*/, " *"));
  return [{ start, inserted: `${lines.join(`\n${indent}`)}\n${indent}` }, ...inner];
}

function commentOf({ declarations = [] }) {
  return declarations.flatMap(({ jsDoc = [] }) => jsDoc.map((doc) => doc.getText())).at(-1);
}

/** `FacadeOf<Ops>` written out as the object that it is, each method with the summary of its operation. */
function facadeIn(node, type) {
  if (!ts.isTypeReferenceNode(node) || node.typeName.text !== "FacadeOf") return [];
  const methods = checker
    .getPropertiesOfType(type)
    .map(({ name }) => `    ${summaries.get(name)}\n    ${name}: ${node.getText()}["${name}"];\n`);
  return [{ start: node.getStart(), end: node.end, inserted: `{\n${methods.join("")}}` }];
}
