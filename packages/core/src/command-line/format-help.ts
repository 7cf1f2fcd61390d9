import type { CommandDefinition, CommandOption, CommandTable } from "./command-table.js";

/** How help is laid out. */
export interface HelpLayout {
  /** Columns of the terminal. @default 100 */
  readonly width?: number | undefined;
  /** Makes headings bold. @default as they are */
  readonly bold?: ((text: string) => string) | undefined;
}

/** The help of a program: its commands, a line each. */
export function formatProgramHelp(table: CommandTable, layout: HelpLayout = {}): string {
  const { bold = asIs } = layout;
  const rows = table.commands.map((command) => [signatureOf(command), command.summary] as const);
  return [
    bold(`${table.program} COMMAND`),
    "",
    ...wrap(table.summary, layout),
    "",
    ...formatRows(rows, layout),
    "",
    ...[table.exits, ...(table.notes?.split("\n") ?? [])].flatMap((line) => wrap(line, layout)),
    ...wrap(
      `${table.program} help COMMAND explains one of them; --version prints the version.`,
      layout,
    ),
  ].join("\n");
}

/** The help of one command: its options and its examples. */
export function formatCommandHelp(
  { program }: Pick<CommandTable, "program">,
  command: CommandDefinition,
  layout: HelpLayout = {},
): string {
  const { bold = asIs } = layout;
  const options = Object.entries(command.options).map(
    ([name, option]) => [optionSignature(name, option), option.description] as const,
  );
  return [
    bold(
      [`${program} ${signatureOf(command)}`, ...(options.length > 0 ? ["[OPTIONS]"] : [])].join(
        " ",
      ),
    ),
    "",
    ...wrap(sentenceOf(command.summary), layout),
    ...(command.description === undefined ? [] : wrap(command.description, layout)),
    ...section("", formatRows(options, layout)),
    ...section(
      bold("Examples"),
      command.examples.map((line) => `  ${line}`),
    ),
    ...(command.exits === undefined ? [] : ["", ...wrap(command.exits, layout)]),
  ].join("\n");
}

/** The command and its arguments: `templates validate GLOB...`. */
export function signatureOf({ name, arguments: taken }: CommandDefinition): string {
  return taken === undefined ? name : `${name} ${taken}`;
}

/** `--timeout SECONDS` */
export function optionSignature(name: string, { value }: CommandOption): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** The summary as a sentence. */
export function sentenceOf(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return title === "" ? ["", ...lines] : ["", title, ...lines];
}

const asIs = (text: string): string => text;

/** The most columns that the left side of two takes. */
const widestLeft = 38;

/** Two columns; the right one goes on below itself where the terminal ends. */
function formatRows(
  rows: readonly (readonly [left: string, right: string])[],
  { width = 100 }: HelpLayout,
): readonly string[] {
  const left = Math.min(widestLeft, Math.max(0, ...rows.map(([text]) => text.length)));
  const indent = " ".repeat(left + 4);
  return rows.flatMap(([text, description]) => {
    const lines = wrap(description, { width: Math.max(20, width - indent.length) });
    const first = `  ${text.padEnd(left)}  `;
    if (text.length > left) return [`  ${text}`, ...lines.map((line) => indent + line)];
    return lines.map((line, index) => (index === 0 ? first : indent) + line);
  });
}

/** Breaks a text between its words. A word that is longer than a line stays whole. */
function wrap(text: string, { width = 100 }: HelpLayout): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
