/** How long nothing has been said on a connection. */
export interface Idleness {
  /** False where nothing was ever said. */
  readonly hasSent: boolean;
  /** On the monotonic clock. */
  readonly sinceMs: number;
}

/** What may be idle. */
export interface IdleCandidate {
  /** Null while it is in use. */
  idleness(): Idleness | null;
}

/** Milliseconds in which a new client may say its first word. */
const firstRequestMs = 5_000;

/**
 * The connection that would be missed least: one that has said nothing for as long as it could have, before one that has
 * spoken or is new; then the longest idle. Null where all are in use.
 */
export function findLongestIdle<Connection extends IdleCandidate>(
  connections: Iterable<Connection>,
  nowMs: number,
): Connection | null {
  let found: Connection | null = null;
  let idlest: Idleness | null = null;
  for (const connection of connections) {
    const idleness = connection.idleness();
    if (idleness === null || (idlest !== null && !closesBefore(idleness, idlest, nowMs))) continue;
    [found, idlest] = [connection, idleness];
  }
  return found;
}

function closesBefore(one: Idleness, other: Idleness, nowMs: number): boolean {
  const unused = isUnused(one, nowMs);
  return unused === isUnused(other, nowMs) ? one.sinceMs < other.sinceMs : unused;
}

function isUnused({ hasSent, sinceMs }: Idleness, nowMs: number): boolean {
  return !hasSent && nowMs - sinceMs >= firstRequestMs;
}
