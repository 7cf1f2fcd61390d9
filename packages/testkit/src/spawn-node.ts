import { spawn } from "node:child_process";
import { createOutputLines, type OutputLines } from "./output-lines.js";
import { killGroupAtTestEnd, signalGroup } from "./process-group.js";

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real child process. */
export interface SpawnedProcess {
  readonly pid: number;
  readonly stdout: Omit<OutputLines, "write" | "end">;
  readonly stderr: Omit<OutputLines, "write" | "end">;
  /** The first line of either output that matches. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Writes to its standard input. */
  write(text: string): void;
  /** Reads nothing of its outputs for now: it writes what its pipes take, and no more. */
  pauseReading(): void;
  resumeReading(): void;
  /** Reads no more of its outputs: whatever it writes from now on fails. */
  closeOutputs(): void;
  /** Signals the process alone, not its children. @default "SIGTERM" */
  kill(signal?: NodeJS.Signals): void;
  /** Resolves when it has exited and its outputs have ended. */
  readonly exited: Promise<ProcessExit>;
}

export interface SpawnOptions {
  /** The whole environment. @default this process's own */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  /** Whom to run as, where we are root. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** Runs Node with these arguments, as the leader of a process group that is killed when the test ends. */
export function spawnNode(args: readonly string[], options: SpawnOptions = {}): SpawnedProcess {
  const child = spawn(process.execPath, args, { ...options, detached: true, stdio: "pipe" });
  const [stdout, stderr, both] = [createOutputLines(), createOutputLines(), createOutputLines()];
  for (const [stream, output] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output.write(chunk);
      both.write(chunk);
    });
  }
  child.stdin.on("error", () => undefined); // it has exited, and `exited` says so
  const outputs = [child.stdout, child.stderr];
  const exited = new Promise<ProcessExit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const output of [stdout, stderr, both]) output.end();
      resolve({ code, signal });
    });
  });
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`${process.execPath} ${args.join(" ")} could not be started.`);
  killGroupAtTestEnd(pid, exited);
  return {
    pid,
    stdout,
    stderr,
    exited,
    waitForLine: both.waitForLine,
    write: (text) => void child.stdin.write(text),
    pauseReading: () => outputs.forEach((stream) => stream.pause()),
    resumeReading: () => outputs.forEach((stream) => stream.resume()),
    closeOutputs: () => outputs.forEach((stream) => stream.destroy()),
    kill: (signal = "SIGTERM") => void child.kill(signal),
  };
}

/** Sends a signal to a spawned process and to what it started in its group. */
export function killGroup(child: Pick<SpawnedProcess, "pid">, signal: NodeJS.Signals): boolean {
  return signalGroup(child.pid, signal);
}
