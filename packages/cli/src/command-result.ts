/** The result of a command. */
export interface CommandResult {
  /**
   * 0: yes; 1: no; 2: unknown, or wrong arguments; 64: no such command, or wrong arguments of a command for which 2
   * means unknown.
   */
  readonly exitCode: 0 | 1 | 2 | 64;
  /** For standard output, without its last line break. */
  readonly output: string;
  /** For standard error. */
  readonly error: string;
}

export function succeed(output: string): CommandResult {
  return { exitCode: 0, output, error: "" };
}

export function fail(output: string): CommandResult {
  return { exitCode: 1, output, error: "" };
}

export function giveUp(error: string): CommandResult {
  return { exitCode: 2, output: "", error };
}

/** For a command whose caller must distinguish wrong arguments from a missing answer: `EX_USAGE` of sysexits.h. */
export function misuse(error: string): CommandResult {
  return { exitCode: 64, output: "", error };
}
