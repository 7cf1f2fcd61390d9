/**
 * Tells PM2 (`wait_ready: true`), or any parent that forked this process, that it is ready.
 *
 * @param send - sends a message to the parent. @default process.send
 * @returns false without such a parent. Never throws.
 */
export function notifyProcessManager(
  send: ((message: string) => unknown) | undefined = process.send?.bind(process),
): boolean {
  if (send === undefined) return false;
  try {
    send("ready");
    return true;
  } catch {
    return false;
  }
}
