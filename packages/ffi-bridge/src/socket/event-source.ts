/** The source of events for the socket's subscribers: a worker's bus. */
export interface EventSource {
  /**
   * Calls `deliver` with every later event that matches the pattern: a name, `prefix.*` or `*`.
   *
   * @param deliver - never throws; returns false if the subscriber reads too slowly and its event was dropped.
   * @returns a function that ends it. @throws Error if the pattern is invalid.
   */
  subscribe(pattern: string, deliver: (event: unknown) => boolean): () => void;
}
