import type { CommandDefinition, CommandTable } from "./command-table.js";
import { optionSignature, sentenceOf, signatureOf } from "./format-help.js";

/** The section of the reference page about one program, as Markdown. */
export function commandReference(table: CommandTable): string {
  return [
    `## ${table.program}`,
    table.summary,
    [table.exits, ...(table.notes?.split("\n") ?? [])].join("\n"),
    ...table.commands.flatMap((command) => sectionOf(table, command)),
  ].join("\n\n");
}

function sectionOf({ program }: CommandTable, command: CommandDefinition): readonly string[] {
  const options = Object.entries(command.options).map(
    ([name, option]) =>
      `| \`${escape(optionSignature(name, option))}\` | ${escape(option.description)} |`,
  );
  return [
    `### ${program} ${command.name}`,
    `\`${program} ${signatureOf(command)}\``,
    [
      sentenceOf(command.summary),
      ...(command.description === undefined ? [] : [command.description]),
    ].join(" "),
    ...(options.length === 0
      ? []
      : [["| option | meaning |", "| --- | --- |", ...options].join("\n")]),
    ...(command.exits === undefined ? [] : [command.exits]),
    ...(command.examples.length === 0 ? [] : [`\`\`\`sh\n${command.examples.join("\n")}\n\`\`\``]),
  ];
}

function escape(text: string): string {
  return text.replaceAll("|", "\\|");
}
