import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** What is waited for, for the message when it does not come. */
  readonly what: string;
  /** @default 30000: a busy machine takes its time. */
  readonly timeoutMs?: number | undefined;
  /** @default 10 */
  readonly intervalMs?: number | undefined;
}

/**
 * Asks until the answer is neither false, null nor undefined, and resolves to it.
 *
 * @throws Error that names what did not come, with the last thing that `condition` threw as its cause.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 30_000, intervalMs = 10 }: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { answer, error } = await ask(condition);
    if (answer !== null && answer !== undefined && answer !== false)
      return answer as Exclude<T, false | null | undefined>;
    if (performance.now() >= deadline)
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause: error });
    await sleep(intervalMs);
  }
}

async function ask<T>(
  condition: () => T | Promise<T>,
): Promise<{ readonly answer: T | null; readonly error: unknown }> {
  try {
    return { answer: await condition(), error: undefined };
  } catch (error) {
    return { answer: null, error };
  }
}
