/** What a command ends with. */
export interface CommandResult {
  /** 0: yes; 1: no; 2: it could not be found out, or the arguments are wrong. */
  readonly exitCode: 0 | 1 | 2;
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
