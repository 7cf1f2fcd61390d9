/** Where the socket's subscribers get their events: a worker's bus. */
export interface EventSource {
  /**
   * Calls `deliver` with every later event that matches the pattern: a name, `prefix.*` or `*`.
   *
   * @param deliver - never throws; false says that the subscriber is behind and the event was dropped for it.
   * @returns a function that ends it. @throws Error where the pattern is none.
   */
  subscribe(pattern: string, deliver: (event: unknown) => boolean): () => void;
}
