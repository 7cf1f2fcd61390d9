/** The commands besides the worker itself. A signal ends them like any command. */
export const subcommands = [
  "completion",
  "dead-letters",
  "help",
  "init",
  "notifications",
  "steps",
] as const;

export type Subcommand = (typeof subcommands)[number];

export function isSubcommand(word: string | undefined): word is Subcommand {
  return subcommands.some((name) => name === word);
}
