/** How long a connection has been idle. */
export interface Idleness {
  /** False if the client has never sent anything. */
  readonly hasSent: boolean;
  /** Since when it is idle, on the monotonic clock. */
  readonly sinceMs: number;
}

/** A connection that may be idle. */
export interface IdleCandidate {
  /** Null while it is in use. */
  idleness(): Idleness | null;
}

/** Milliseconds that a new client has for its first request. */
const firstRequestMs = 5_000;

/**
 * The connection to close first: one that had time to send something and never did, before all others; among equals,
 * the one that has been idle longest. Null if all are in use.
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
