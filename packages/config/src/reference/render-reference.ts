import { type Field, fieldTable } from "../schema/field-table.js";
import { introduction } from "./introduction.js";
import { type RestOfTable, unusedTaskerKeys } from "./unused-keys.js";

/** Tables of the reference, by the key that their fields begin with; a field belongs to the first that fits. */
const sections: readonly (readonly [prefix: string, title: string])[] = [
  ["common.", "Common to all processes"],
  ["worker.health", "Health"],
  ["worker.web.auth", "HTTP authentication"],
  ["worker.web", "HTTP"],
  ["worker.bridge", "Without HTTP"],
  ["worker.", "The worker"],
];

/** Writes `docs/configuration.md`: every key that the worker uses, from the schema that validates it. */
export function renderConfigurationReference(): string {
  const left = [...fieldTable];
  const tables = sections.map(([prefix, title]) =>
    renderSection(title, takeMatching(left, prefix)),
  );
  return (
    [
      introduction,
      "## Keys",
      ...tables,
      "## Keys without effect",
      unusedIntroduction,
      renderUnused(),
    ].join("\n\n") + "\n"
  );
}

const unusedIntroduction =
  "You can use Tasker's own files unchanged. These keys of theirs have no effect. `config_runtime` shows those under `common` and `worker`, and no others:";

function takeMatching(left: Field[], prefix: string): readonly Field[] {
  const matching = left.filter(({ path }) => path.startsWith(prefix));
  left.splice(0, left.length, ...left.filter((field) => !matching.includes(field)));
  return matching;
}

function renderSection(title: string, fields: readonly Field[]): string {
  const rows = fields.map((field) =>
    row([code(field.path), typeOf(field), defaultOf(field), field.description]),
  );
  return [
    `### ${title}`,
    "",
    row(["key", "type", "default", "meaning"]),
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function typeOf({ type, unit }: Field): string {
  return unit === null ? type : `${type}, ${unit}`;
}

function defaultOf({ default: value, fallback }: Field): string {
  const text = value === null ? "–" : code(JSON.stringify(value));
  return fallback === null ? text : `${code(fallback)}, else ${text}`;
}

function renderUnused(): string {
  const rows = unusedTaskerKeys.map(({ keys, why }) =>
    row([keys.map(formatKeys).join("<br>"), why]),
  );
  return [row(["keys", "instead"]), "| --- | --- |", ...rows].join("\n");
}

function formatKeys(keys: string | RestOfTable): string {
  return typeof keys === "string"
    ? code(keys)
    : `${code(keys.all)} but ${new Intl.ListFormat("en-GB").format(keys.but.map(code))}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
