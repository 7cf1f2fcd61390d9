import { styleText } from "node:util";
import {
  completionScript,
  findCommand,
  formatCommandHelp,
  formatProgramHelp,
  type HelpLayout,
  listOf,
  shells,
} from "@tasker-observability/core/command-line";
import { type CommandResult, misuse, succeed } from "./command-result.js";
import { commandTable } from "./command-table.js";
import { packageVersion } from "./version.js";

/** What is printed where no command runs: help, the version, or what is wrong with the words that should name one. */
export function explain(args: readonly string[]): CommandResult {
  if (args[0] === "--version") return succeed(packageVersion);
  const words = args.filter((arg) => !arg.startsWith("-"));
  const asked = words.length < args.length;
  if (asked || words.length === 0)
    return asked && args.some((arg) => arg === "--help" || arg === "-h")
      ? runHelp(words)
      : misuse(formatProgramHelp(commandTable, layoutOf(process.stderr)));
  const found = findCommand(commandTable, words);
  return misuse("problem" in found ? withAdvice(found.problem) : "The arguments are not valid.");
}

/** `help [COMMAND]`. */
export function runHelp(words: readonly string[]): CommandResult {
  const layout = layoutOf(process.stdout);
  const [first = ""] = words;
  if (words.length === 0) return succeed(formatProgramHelp(commandTable, layout));
  const found = findCommand(commandTable, words);
  if ("command" in found) return succeed(formatCommandHelp(commandTable, found.command, layout));
  const group = commandTable.commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length === 0 || words.length > 1) return misuse(withAdvice(found.problem));
  return succeed(
    group.map((command) => formatCommandHelp(commandTable, command, layout)).join("\n\n"),
  );
}

/** `completion bash|zsh|fish`. */
export function runCompletion([name, ...others]: readonly string[]): CommandResult {
  const shell = shells.find((known) => known === name);
  if (shell === undefined || others.length > 0)
    return misuse(withAdvice(`completion takes ${listOf(shells)}.`));
  return succeed(completionScript(commandTable, shell));
}

function withAdvice(problem: string): string {
  return `${problem} See ${commandTable.program} --help.`;
}

function layoutOf(stream: NodeJS.WriteStream): HelpLayout {
  return {
    width: stream.isTTY ? stream.columns : undefined,
    bold: (text) => styleText("bold", text, { stream }),
  };
}
