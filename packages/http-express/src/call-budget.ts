/**
 * The budget of a call whose caller says how long it waits: slightly less, so that an answer still arrives,
 * and never more than the configured one. A value that is not a number of seconds is ignored.
 *
 * @param seconds - the header's value.
 * @param configuredMs - the budget without it.
 */
export function budgetWithin(seconds: string | string[] | undefined, configuredMs: number): number {
  if (typeof seconds !== "string" || !/^\d{1,9}(?:\.\d{1,9})?$/.test(seconds)) return configuredMs;
  const deadlineMs = Number(seconds) * 1_000;
  if (deadlineMs === 0) return configuredMs;
  return Math.min(configuredMs, Math.max(1, deadlineMs - Math.min(500, deadlineMs / 10)));
}
