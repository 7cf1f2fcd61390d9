/** What a command ends with. */
export interface CommandResult {
  /** 0: yes; 1: no; 2: it could not be found out, or the arguments are wrong; 64: there is no such command, or the arguments are wrong if 2 is an answer of its own. */
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

/** For a command whose caller must tell wrong arguments from an answer that could not be had: `EX_USAGE` of sysexits.h. */
export function misuse(error: string): CommandResult {
  return { exitCode: 64, output: "", error };
}
