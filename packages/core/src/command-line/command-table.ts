/** An option of a command, as `parseArgs` of Node takes it, and as help shows it. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  /** Whether it may be repeated. */
  readonly multiple?: true;
  /** What stands for its value in help, such as `PATH`. */
  readonly value?: string;
  /** The values that it can have, if they are few. */
  readonly values?: readonly string[];
  readonly description: string;
}

/** One command of a program. */
export interface CommandDefinition {
  /** One word or two: `templates validate`. */
  readonly name: string;
  /** Its arguments, as help shows them: `GLOB...`. @default none */
  readonly arguments?: string;
  /** The words that its first argument can be. @default any */
  readonly words?: readonly string[];
  /** What it does, in one line without a period. */
  readonly summary: string;
  /** What else there is to know. @default nothing */
  readonly description?: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** The exit codes besides 0 and 64. @default those of the program */
  readonly exits?: string;
}

/** A program and all its commands: its help, its completion and its reference page are made of this. */
export interface CommandTable {
  readonly program: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly commands: readonly CommandDefinition[];
  /** The exit codes of its commands, besides those of a command. */
  readonly exits: string;
  /** What else its help says. @default nothing */
  readonly notes?: string;
}

/** What ends a program that was called with wrong arguments: EX_USAGE of sysexits.h. */
export const misuseExitCode = 64;

/** Explains the program; every program has it. */
export const helpCommand = {
  name: "help",
  arguments: "[COMMAND]",
  summary: "explains a command",
  options: {},
  examples: [],
} as const satisfies CommandDefinition;

/** The shells that can complete a program's commands and options. */
export const shells = ["bash", "zsh", "fish"] as const;
/** A shell that can complete. */
export type Shell = (typeof shells)[number];

/** Prints a completion script; every program has it. @param program - its name, for the examples. */
export function completionCommand(program: string) {
  return {
    name: "completion",
    arguments: shells.join("|"),
    words: shells,
    summary: "prints a script that completes commands and options in a shell",
    options: {},
    examples: [
      `source <(${program} completion bash)`,
      `${program} completion zsh > "\${fpath[1]}/_${program}"`,
      `${program} completion fish > ~/.config/fish/completions/${program}.fish`,
    ],
  } as const satisfies CommandDefinition;
}
