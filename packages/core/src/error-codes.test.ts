import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorCodes, isErrorCode } from "./error-codes.js";

const source = readFileSync(new URL("./error-codes.ts", import.meta.url), "utf8");

/** The paragraphs of the comment on a code. */
function docOf(code: string): readonly string[] {
  const comment =
    new RegExp(String.raw`/\*\*((?:(?!\*/)[^])*)\*/\s+${code}: `).exec(source)?.[1] ?? "";
  const text = comment.replace(/^ *\* ?/gm, "").trim();
  return text.split(/\n\n/).map((paragraph) => paragraph.replaceAll("\n", " "));
}

const rows = Object.entries(errorCodes).map(([code, { httpStatus, rpcCode }]) => {
  const [when, whatToDo, ...more] = docOf(code);
  if (when === "" || whatToDo === undefined || more.length > 0)
    throw new Error(`The comment on ${code} has no two paragraphs: when, and what to do.`);
  return `| \`${code}\` | ${httpStatus} | ${rpcCode} | ${when} | ${whatToDo} |`;
});

const page = `# Errors

<!-- Written by \`npm run generate\` from packages/core/src/error-codes.ts. -->

Every operation fails with an \`ObservabilityError\`. Its \`code\` is one of those below, on every transport and in every client; its \`message\` says what failed and what to do, without hosts, SQL, paths or secrets. Tell errors apart by \`code\`: messages may change.

| code | HTTP | JSON-RPC | when | what to do |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

Over HTTP the body is \`{ "error": "template_not_found", "message": …, "timestamp": …, "request_id": … }\`; over the socket \`error.data.error\` has the same name. There, a frame that is not JSON-RPC gets \`parse_error\` (-32700) or \`invalid_request\` (-32600), and a server at its limits answers \`too_many_connections\` or \`too_many_calls\` (-32000). The clients report these four as \`INTERNAL\`, and the message says why.
`;

it("docs/errors.md has every code, when it happens and what to do (npm run generate writes it)", async () => {
  await expect(page).toMatchFileSnapshot("../../../docs/errors.md");
});

it("recognizes an error code", () => {
  expect(["TIMEOUT", "timeout", "toString", ""].map(isErrorCode)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
