import { answerDifferences, fieldDifferences } from "../wire/differences.js";
import { type OperationGroup, versionPrefix } from "@tasker-observability/core";
import type { DescribedOperation, DescribedParam } from "./described-operations.js";
import { renderParam } from "./ruby.js";

/** The page with the table between its markers made anew. @throws Error where it has no markers. */
export function withTable(page: string, rows: readonly string[], what = "operations"): string {
  const [begin, end] = [
    `<!-- ${what}: npm run generate writes them -->\n`,
    `<!-- /${what} -->\n`,
  ] as const;
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

const questions: Readonly<Partial<Record<OperationGroup, string>>> = {
  health: "Does the process answer? Is it alive? Is it ready for work? What exactly is wrong?",
  metrics: "What are its numbers, as Prometheus text or as data? What happened to its events?",
  templates:
    "Which templates does it know? What is in its cache? What does one contain, and what is wrong with it?",
  config: "How is it configured, secrets masked?",
};

/** The repository's README with the addresses that answer questions. */
export function withAddresses(page: string, operations: readonly DescribedOperation[]): string {
  return withTable(page, [
    "| question | ask |",
    "| --- | --- |",
    ...Object.entries(questions).map(([group, question]) => {
      const own = operations.filter((operation) => operation.group === group);
      return `| ${question} | ${addresses(own.flatMap(({ http }) => http))} |`;
    }),
  ]);
}

/** Addresses to read; one below an address with params before it is written `…/rest`. */
function addresses(endpoints: readonly string[]): string {
  const read = "GET ";
  const paths = endpoints
    .filter((endpoint) => endpoint.startsWith(read) && isAtRoot(endpoint))
    .map((endpoint) => endpoint.slice(read.length));
  return paths
    .map((path) => {
      const parent = paths.find((other) => other.includes("{") && path.startsWith(`${other}/`));
      return `\`${parent === undefined ? path : path.replace(parent, "…")}\``;
    })
    .join(" · ");
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

/** The page of what differs from Tasker's worker, with what the recorded answers show. */
export function withDifferences(page: string): string {
  const fields = fieldDifferences.map(
    ({ operations, fields: names, side, versions: only, why }) => {
      const who = side === "ours" ? "here only" : "there only";
      const where = only === undefined ? who : `${who}, against ${only.join(" and ")}`;
      return `| ${operations.map(asCode).join(", ")} | ${names.map(asCode).join(", ")} | ${where} | ${why} |`;
    },
  );
  const answers = answerDifferences.map(
    ({ request, what, theirs, ours, why }) =>
      `| \`${request}\` | ${what} \`${theirs}\` | ${what} \`${ours}\` | ${why} |`,
  );
  const withFields = withTable(
    page,
    ["| operations | fields |  | why |", "| --- | --- | --- | --- |", ...fields],
    "fields",
  );
  return withTable(
    withFields,
    ["| request | there | here | why |", "| --- | --- | --- | --- |", ...answers],
    "answers",
  );
}

function asCode(name: string): string {
  return `\`${name}\``;
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
  const atRoot = http.filter(isAtRoot).map((endpoint) => `\`${endpoint}\``);
  if (atRoot.length === 0) return "–";
  return [
    ...atRoot,
    ...(atRoot.length < http.length ? [`also below \`${versionPrefix}\``] : []),
  ].join(" · ");
}

function isAtRoot(endpoint: string): boolean {
  return !endpoint.includes(` ${versionPrefix}/`);
}
