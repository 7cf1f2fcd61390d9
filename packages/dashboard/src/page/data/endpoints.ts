/** What `/` answers to programs: the endpoints of this worker. */
export interface Endpoints {
  /** The header that carries an API key; null if none is needed. */
  readonly key_header: string | null;
  readonly endpoints: readonly {
    readonly method: string;
    readonly path: string;
    readonly operation: string;
    readonly access: "read" | "write";
    /** Whether the worker does it over HTTP at all, for a caller with all rights. */
    readonly enabled: boolean;
  }[];
}

/** Whether an operation can be called here. */
export function isOffered(index: Endpoints | null, operation: string): boolean {
  return index?.endpoints.some((each) => each.operation === operation && each.enabled) ?? false;
}
