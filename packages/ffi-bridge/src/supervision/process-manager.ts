/**
 * Tells PM2 (`wait_ready: true`), or any parent that forked this process, that it is ready.
 *
 * @param send - how to reach the parent. @default process.send
 * @returns false where there is no parent that listens. Never throws.
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
