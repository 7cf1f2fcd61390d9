import { commandReference, type CommandTable } from "@tasker-observability/core/command-line";

/** The page about all commands. */
export function renderCommands(tables: readonly CommandTable[]): string {
  return [
    "# Commands",
    "`npm run generate` writes this page from the tables of the commands, of which their help and their completion are made too.",
    ...tables.map(commandReference),
  ]
    .join("\n\n")
    .concat("\n");
}
