import { spawn } from "@lydell/node-pty";
import { createOutputLines, type OutputLines } from "./output-lines.js";
import { killGroupAtTestEnd } from "./process-group.js";

/** A command under a real pseudo-terminal: its own session, the terminal its controlling one. */
export interface PtyProcess {
  readonly pid: number;
  /** Both outputs, as the terminal shows them. */
  readonly output: Omit<OutputLines, "write" | "end">;
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Types. */
  write(text: string): void;
  /** Types Ctrl-C: the terminal sends SIGINT to everything in its foreground process group. */
  ctrlC(): void;
  /** Hangs up, as closing the window does. */
  hangUp(): void;
  readonly exited: Promise<{ readonly code: number; readonly signal: number }>;
}

export interface PtyOptions {
  /** The whole environment. @default this process's own */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** @default this process's own */
  readonly cwd?: string | undefined;
}

/** Runs a command under a pseudo-terminal; its process group is killed when the test ends. */
export function runInPty(
  command: string,
  args: readonly string[],
  options: PtyOptions = {},
): PtyProcess {
  const pty = spawn(command, [...args], {
    cols: 200,
    rows: 50,
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
  });
  const output = createOutputLines();
  pty.onData((chunk) => output.write(chunk));
  const exited = new Promise<{ code: number; signal: number }>((resolve) => {
    pty.onExit(({ exitCode, signal = 0 }) => {
      output.end();
      resolve({ code: exitCode, signal });
    });
  });
  killGroupAtTestEnd(pty.pid, exited);
  return {
    pid: pty.pid,
    output,
    waitForLine: output.waitForLine,
    write: (text) => pty.write(text),
    ctrlC: () => pty.write("\x03"),
    hangUp: () => pty.kill("SIGHUP"),
    exited,
  };
}
