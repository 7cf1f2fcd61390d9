import { styleText } from "node:util";
import {
  commandsOf,
  completionScript,
  findCommand,
  formatCommandHelp,
  formatProgramHelp,
  type HelpLayout,
  listOf,
  shells,
} from "@tasker-observability/core/command-line";
import { usageError } from "../console/parse-command.js";
import { commandTable } from "./command-table.js";

const program = { command: commandTable.program };

/** `tasker-worker help [COMMAND]`. @throws UsageError where there is no such command. */
export function helpText(words: readonly string[]): string {
  const layout: HelpLayout = {
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    bold: (text) => styleText("bold", text, { stream: process.stdout }),
  };
  if (words.length === 0) return formatProgramHelp(commandTable, layout);
  const found = findCommand(commandTable, words);
  if ("command" in found) return formatCommandHelp(commandTable, found.command, layout);
  const group = words.length === 1 ? commandsOf(commandTable, words[0] ?? "") : [];
  if (group.length === 0) throw usageError(program, found.problem);
  return group.map((command) => formatCommandHelp(commandTable, command, layout)).join("\n\n");
}

/** `tasker-worker completion bash|zsh|fish`. @throws UsageError where it is another word. */
export function completionText([name, ...others]: readonly string[]): string {
  const shell = shells.find((known) => known === name);
  if (shell === undefined || others.length > 0)
    throw usageError(program, `completion takes ${listOf(shells)}.`);
  return completionScript(commandTable, shell);
}
