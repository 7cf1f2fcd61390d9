/** How long nothing has been said on a connection. */
export interface Idleness {
  /** False where nothing was ever said. */
  readonly hasSpoken: boolean;
  /** On the monotonic clock. */
  readonly sinceMs: number;
}

/** What may be idle. */
export interface IdleCandidate {
  /** Null while it is in use. */
  idleness(): Idleness | null;
}

/** Milliseconds in which a new client may say its first word. */
const firstWordMs = 5_000;

/**
 * The connection that would be missed least: one that has said nothing for as long as it could have, before one that has
 * spoken or is new; then the longest idle. Null where all are in use.
 */
export function findLongestIdle<Connection extends IdleCandidate>(
  connections: Iterable<Connection>,
  nowMs: number,
): Connection | null {
  let found: Connection | null = null;
  let least: Idleness | null = null;
  for (const connection of connections) {
    const idleness = connection.idleness();
    if (idleness === null || (least !== null && !isMissedLess(idleness, least, nowMs))) continue;
    [found, least] = [connection, idleness];
  }
  return found;
}

function isMissedLess(one: Idleness, other: Idleness, nowMs: number): boolean {
  const silent = isSilent(one, nowMs);
  return silent === isSilent(other, nowMs) ? one.sinceMs < other.sinceMs : silent;
}

function isSilent({ hasSpoken, sinceMs }: Idleness, nowMs: number): boolean {
  return !hasSpoken && nowMs - sinceMs >= firstWordMs;
}
