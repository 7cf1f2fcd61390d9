const intervalMs = 500;

/**
 * Under `npx`, sends this process SIGTERM once its parent has gone: npm runs a command in a shell, and passes SIGTERM to
 * the shell alone, which ends and leaves the worker behind.
 */
export function stopWhenNpxEnds(): void {
  if (process.env.npm_command !== "exec") return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, intervalMs);
  timer.unref();
}
