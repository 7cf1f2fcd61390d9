import { unknownName } from "./argument-problem.js";
import type { CommandDefinition, CommandTable } from "./command-table.js";

/** A command and its arguments, or what is wrong with the words that should name one. */
export type FoundCommand =
  | { readonly command: CommandDefinition; readonly args: readonly string[] }
  | { readonly problem: string };

/** Finds the command that the first one or two arguments name. */
export function findCommand(table: CommandTable, args: readonly string[]): FoundCommand {
  const [first, second] = args;
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(" ");
    const command = table.commands.find((each) => each.name === name);
    if (command !== undefined) return { command, args: args.slice(length) };
  }
  if (first === undefined) return { problem: "A command is missing." };
  const group = commandsOf(table, first);
  if (group.length === 0) return { problem: unknownName("command", first, firstWords(table)) };
  const choice = `${first} takes ${listOf(group.map(secondWord))}.`;
  if (second === undefined || second.startsWith("-")) return { problem: choice };
  const names = group.map(({ name }) => name);
  const problem = unknownName("command", `${first} ${second}`, names);
  return { problem: problem.includes("?") ? problem : `${problem} ${choice}` };
}

/** The commands whose first word this is. */
export function commandsOf(table: CommandTable, word: string): readonly CommandDefinition[] {
  return table.commands.filter(({ name }) => name.split(" ")[0] === word);
}

/** The first words of all commands, each once. */
export function firstWords(table: CommandTable): readonly string[] {
  return [...new Set(table.commands.map(({ name }) => name.split(" ")[0] ?? ""))];
}

/** The second word of a command; empty if it has none. */
export function secondWord({ name }: CommandDefinition): string {
  return name.split(" ")[1] ?? "";
}

/** `list, retry or purge` */
export function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
