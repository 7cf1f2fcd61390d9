import type { DescribedOperation, DescribedParam } from "./described-operations.js";
import { renderParam } from "./ruby.js";

const begin = "<!-- operations: npm run generate writes them -->\n";
const end = "<!-- /operations -->\n";

/** The page with the table between its markers made anew. @throws Error where it has no markers. */
function withTable(page: string, rows: readonly string[]): string {
  const [before, rest = ""] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`The page lacks the lines\n${begin}${end}`);
  return `${before}${begin}\n${rows.join("\n")}\n\n${end}${after}`;
}

/** A service's README with the table of its operations. */
export function withServiceOperations(
  page: string,
  operations: readonly DescribedOperation[],
): string {
  return withTable(page, [
    "| operation | facade | HTTP |  |",
    "| --- | --- | --- | --- |",
    ...operations.map(
      ({ name, facade, http, summary }) =>
        `| \`${name}\` | \`${facade}()\` | ${endpoints(http)} | ${summary} |`,
    ),
  ]);
}

/** The page that sets Ruby's methods beside TypeScript's. */
export function withRubyMethods(page: string, operations: readonly DescribedOperation[]): string {
  return withTable(page, [
    "| Ruby | TypeScript | HTTP |  |",
    "| --- | --- | --- | --- |",
    ...operations.map(
      ({ method, facade, params, http, summary }) =>
        `| \`${method}${rubyParams(params)}\` | \`${facade}(${options(params)})\` | ${endpoints(http)} | ${summary} |`,
    ),
  ]);
}

function rubyParams(params: readonly DescribedParam[]): string {
  return params.length === 0 ? "" : `(${params.map(renderParam).join(", ")})`;
}

function options(params: readonly DescribedParam[]): string {
  if (params.length === 0) return "";
  const names = params.map(({ name }) =>
    name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  );
  return `{ ${names.join(", ")} }`;
}

function endpoints(http: readonly string[]): string {
  return http.length === 0 ? "–" : http.map((endpoint) => `\`${endpoint}\``).join(" · ");
}
