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

/** The connection that would be missed least: one that never said anything before one that did, then the longest idle. Null where all are in use. */
export function findLongestIdle<Connection extends IdleCandidate>(
  connections: Iterable<Connection>,
): Connection | null {
  let found: Connection | null = null;
  let longest: Idleness | null = null;
  for (const connection of connections) {
    const idleness = connection.idleness();
    if (idleness === null || (longest !== null && !isMissedLess(idleness, longest))) continue;
    [found, longest] = [connection, idleness];
  }
  return found;
}

function isMissedLess(one: Idleness, other: Idleness): boolean {
  return one.hasSpoken === other.hasSpoken ? one.sinceMs < other.sinceMs : other.hasSpoken;
}
