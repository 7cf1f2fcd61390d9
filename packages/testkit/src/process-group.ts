import { onTestFinished } from "vitest";

const groups = new Set<number>();

// The last resort: a run that ends early leaves no process behind. (Vitest ends its workers by SIGTERM.)
process.once("exit", () => groups.forEach((pid) => signalGroup(pid, "SIGKILL")));
process.once("SIGTERM", () => process.exit(143));

/** Sends a signal to a process and all that it started in its group; false if none is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Kills the group when the running test ends (outside a test: when this process does), and forgets it when its leader has exited. */
export function killGroupAtTestEnd(pid: number, exited: Promise<unknown>): void {
  groups.add(pid);
  const kill = async (): Promise<void> => {
    signalGroup(pid, "SIGKILL");
    await exited;
    groups.delete(pid);
  };
  try {
    onTestFinished(kill);
  } catch {
    void exited.then(() => groups.delete(pid)); // started by a hook: the caller stops it
  }
}
