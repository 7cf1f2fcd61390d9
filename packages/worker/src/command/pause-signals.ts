import type { Worker } from "../worker.js";

export interface PauseSignals {
  /** Stops listening. */
  close(): void;
}

/** SIGUSR2 pauses a worker and SIGCONT resumes it; each may come twice. Windows has neither. */
export function onPauseSignals(
  worker: Pick<Worker, "pause" | "resume">,
  print: (line: string) => void,
): PauseSignals {
  let isPaused = false;
  const pause = (): void => {
    isPaused = true;
    worker.pause();
    print("SIGUSR2: paused");
  };
  // A shell also sends SIGCONT to resume a process after Ctrl-Z.
  const resume = (): void => {
    if (!isPaused) return;
    isPaused = false;
    worker.resume();
    print("SIGCONT: resumed");
  };
  if (process.platform !== "win32") process.on("SIGUSR2", pause).on("SIGCONT", resume);
  return {
    close() {
      process.removeListener("SIGUSR2", pause).removeListener("SIGCONT", resume);
    },
  };
}
