import { renderParam } from "./ruby.mjs";

const begin = "<!-- operations: written by scripts/generate-operations.mjs -->\n";
const end = "<!-- /operations -->\n";

/** The page with its table of methods made anew. */
export function replaceTable(page, operations) {
  const [before, rest = ""] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error("docs/ruby-api.md has no place for the operations.");
  return `${before}${begin}\n${renderTable(operations)}\n${end}${after}`;
}

function renderTable(operations) {
  return [
    "| Ruby | TypeScript | HTTP |  |",
    "| --- | --- | --- | --- |",
    ...operations.map(
      ({ method, facade, params, http, summary }) =>
        `| \`${method}${rubyParams(params)}\` | \`${facade}(${options(params)})\` | ${endpoints(http)} | ${summary} |`,
    ),
    "",
  ].join("\n");
}

function rubyParams(params) {
  return params.length === 0 ? "" : `(${params.map(renderParam).join(", ")})`;
}

function options(params) {
  if (params.length === 0) return "";
  const names = params.map(({ name }) =>
    name.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase()),
  );
  return `{ ${names.join(", ")} }`;
}

function endpoints(http) {
  return http.length === 0 ? "–" : http.map((endpoint) => `\`${endpoint}\``).join(" · ");
}
