export { argumentProblem, unknownName } from "./argument-problem.js";
export { commandReference } from "./command-reference.js";
export {
  type CommandDefinition,
  type CommandOption,
  type CommandTable,
  completionCommand,
  helpCommand,
  misuseExitCode,
  type Shell,
  shells,
} from "./command-table.js";
export { completionScript } from "./completion-script.js";
export { commandsOf, findCommand, type FoundCommand, listOf } from "./find-command.js";
export { formatCommandHelp, formatProgramHelp, type HelpLayout } from "./format-help.js";
